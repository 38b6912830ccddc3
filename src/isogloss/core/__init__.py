"""Pure methods on arrays: agreement, inference, redundancy, sampling, control, language; no Django here."""
