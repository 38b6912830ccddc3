"""How dates are written where Django's own choice would not do; `settings.FORMAT_MODULE_PATH` names this package."""
