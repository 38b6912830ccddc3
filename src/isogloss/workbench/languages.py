"""Languages a person can pick by name, in words they can read: browsers ship names for little more than half of them."""

from functools import lru_cache

from isogloss.platform.languages import display_name

# Languages written online, besides those that a question suggests.
_TAGS = (
    "ab ace acm aeb af ak am an apc ar ars ary arz as ast av ay az ba bal ban bbc be bem bew bg bho bik bjn bm bn bo br bs bug ca ce "
    "ceb cgg chr ckb co crh cs csb cv cy da de din dv dz ee el en en-IN en-NG en-SG eo es et eu fa ff fi fil fj fo fr fur fy ga gd "
    "gl gn gom gor gsw gu gv ha haw he hi hil hmn hr hsb ht hu hy iba id ig ilo io is it iu ja jv ka kab kac kbp kg ki kk kl km kn ko "
    "kok kr ks ku kw ky la lb lg li lij lmo ln lo lt ltg luo lus lv mad mag mai mak mdf mfe mg mi min mk ml mn mni mos mr ms mt my mzn "
    "nan nb ne new nl nn no nso nus nv ny oc om or os pa pag pam pap pcm pl ps pt pt-BR qu rm rn ro ru rw sa sah sat sc scn sd se sg "
    "shi shn si sk sl sm sn so sq sr ss st su sv sw szl ta te tet tg th ti tk tl tn to tpi tr ts tt tw ty tyv udm ug uk umb ur uz vec "
    "vi war wo wuu xh yi yo yue za zgh zh zh-Hans zh-Hant zu"
)
TAGS = tuple(_TAGS.split())
_NAMED_BY_NOBODY = {"acm": "Arabic (Iraq)", "gom": "Goan Konkani", "kbp": "Kabiyè"}


@lru_cache(maxsize=16)
def language_names(reader: str) -> dict[str, tuple[str, str]]:
    """Return by tag the name in the reader's language and the English one."""
    return {tag: (_named(tag, reader=reader), _named(tag, reader="en")) for tag in TAGS}


def _named(tag: str, *, reader: str) -> str:
    return _NAMED_BY_NOBODY.get(tag) or display_name(tag, reader=reader)
