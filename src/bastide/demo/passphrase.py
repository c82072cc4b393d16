"""The demo's passphrase: made anew for each instance, so that no known password is shipped."""

import os
from pathlib import Path

from bastide.core.ids import Ids

_WORDS = (
    "abeille ardoise arcade argile aubépine avoine balcon barque bélier berge beffroi bouleau bruyère cabane calcaire "
    "canal carillon castor cerisier chaland chemin cigale clairière colline comète cormoran coteau couleuvre crayon "
    "cuivre dentelle digue domaine écluse écorce écureuil épine érable étang falaise faucon fenêtre figuier flambeau "
    "fontaine forge fougère framboise galet garance genêt girouette glycine granit grange grenier halle hameau hérisson "
    "héron horloge jachère jardin jasmin jonquille lanterne laurier lavande lichen lierre loutre lucarne luzerne marché "
    "marronnier mélèze menthe merle mésange meule moulin mousse mûrier muscade noisette olivier ormeau osier papillon "
    "pastel pavé peuplier phare pigeon pinson plateau platane poirier pommier prairie prunier puits ravine rivière "
    "rocher romarin roseau ruche ruelle sarcelle saule sentier silex sorbier source tamaris tanneur tilleul toiture "
    "tourelle tournesol truite tuile vallon verger vigne village violette"
).split()
_COUNT = 4


def passphrase(data: Path, ids: Ids) -> str:
    """Give this instance's passphrase, made the first time, kept for the owner's eyes in `<data>/secrets/demo`."""
    path = data / "secrets" / "demo"
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = int(ids.token(), 16)
    chosen: list[str] = []
    for _ in range(_COUNT):
        number, index = divmod(number, len(_WORDS))
        chosen.append(_WORDS[index])
    text = " ".join(chosen)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return text
