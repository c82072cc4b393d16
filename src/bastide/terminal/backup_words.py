"""What `backup` and `restore` say, in French and in English."""

from collections.abc import Mapping

import msgspec

from bastide.backup.model import Reason


class BackupWords(msgspec.Struct, frozen=True, kw_only=True):
    """The sentences of one language. Braces stand for what is filled in."""

    moment: str
    taken: str
    unencrypted: str
    damaged: str
    gaps: str
    whole: str
    restored: str
    migrated: str
    audit_holds: str
    audit_broken: str
    lost: str
    sessions: str
    origin: str
    start: str
    units: tuple[str, str, str, str]
    errors: Mapping[Reason, str]

    def size(self, size: int) -> str:
        """A number of bytes in words."""
        amount, unit = float(size), 0
        while amount >= 1000 and unit < len(self.units) - 1:  # noqa: PLR2004 - 10^3, as for disks
            amount, unit = amount / 1000, unit + 1
        text = f"{amount:.0f}" if unit == 0 or amount >= 10 else f"{amount:.1f}"  # noqa: PLR2004
        return f"{text.replace('.', ',') if self.units[0] == 'octets' else text} {self.units[unit]}"


FRENCH = BackupWords(
    moment="%d/%m/%Y à %H:%M:%S",
    taken="Sauvegarde entière\u00a0: {file}, {size}. {people} comptes, {spaces} espaces, {messages} messages, {blobs} fichiers "
    "stockés, au {at}.",
    unencrypted="Ce fichier contient tout, sans chiffrement\u00a0: gardez-le comme l’instance elle-même, sur une autre machine. "
    "Pour le chiffrer\u00a0: ./bastide backup - | age -r … > FICHIER",
    damaged="ATTENTION\u00a0: {count} fichiers stockés manquaient sur le disque ou n’y étaient plus intacts\u202f; ils ne "
    "sont pas dans la sauvegarde. Le premier\u00a0: {first}. Cherchez-les dans une sauvegarde plus "
    "ancienne, et vérifiez le disque.",
    gaps="ATTENTION\u00a0: le journal de {count} flux n’a plus tous ses numéros. La sauvegarde les garde tels qu’ils sont.",
    whole="La sauvegarde est entière et chaque empreinte est juste. Prise le {at} de {origin}\u00a0: {people} comptes, {spaces} "
    "espaces, {messages} messages, {blobs} fichiers stockés.",
    restored="Restauré dans {data}, empreintes, nombres et journal vérifiés\u00a0: {people} comptes, {spaces} espaces, "
    "{messages} messages, {blobs} fichiers stockés.",
    migrated="Mis à jour pour ce Bastide\u00a0: {count} migrations.",
    audit_holds="La chaîne de l’audit tient jusqu’à sa dernière ligne ({lines} lignes).",
    audit_broken="ATTENTION\u00a0: la chaîne de l’audit ne tient plus à la ligne {line}\u202f; elle ne tenait déjà pas dans la "
    "sauvegarde. Prévenez votre responsable de la sécurité.",
    lost="Perdu\u00a0: tout ce qui s’est fait après le {at}. Ce qui fut retiré depuis est revenu\u00a0: membres exclus, comptes "
    "suspendus, invitations annulées, mots de passe changés. Refaites-le avant d’ouvrir l’instance.",
    sessions="Personne n’est connecté\u00a0: {count} sessions ont pris fin, et les liens de mot de passe oublié aussi.",
    origin="Les clés d’accès ne fonctionnent qu’à l’adresse {origin}.",
    start="Pour démarrer\u00a0: ./bastide up --data {data}",
    units=("octets", "ko", "Mo", "Go"),
    errors={
        "exists": "{file} existe déjà, et rien n’est écrasé. Choisissez un autre nom.",
        "no-folder": "Il n’y a pas de dossier {folder}.",
        "cannot-write": "{file} ne peut pas être écrit\u00a0: {why}.",
        "no-room": "Pas assez de place sur le disque de {folder} (les 512 derniers Mo restent libres). Rien n’a été gardé.",
        "server-newer": "La base est un PostgreSQL {server}, plus récent que les outils de ce Bastide ({ours}). "
        "Sauvegardez-la avec son propre pg_dump.",
        "busy": "Une autre sauvegarde de cette instance est en cours. Attendez sa fin.",
        "database": "La base de données n’a pas répondu jusqu’au bout ({why}). Rien n’a été gardé.",
        "dump": "La base de données n’a pas pu être lue\u00a0: {why}. Rien n’a été gardé.",
        "cannot-read": "{file} ne peut pas être lu\u00a0: {why}.",
        "not-ours": "Ce n’est pas une sauvegarde de Bastide.",
        "format-newer": "Cette sauvegarde vient d’un Bastide plus récent. Prenez celui-là pour la lire.",
        "cut": "La sauvegarde n’est pas entière\u00a0: elle a été coupée, ou abîmée. N’en restaurez rien.",
        "broken": "La sauvegarde a été abîmée ou modifiée ({what}). N’en restaurez rien.",
        "not-empty": "{folder} n’est pas vide. On ne restaure que dans un dossier vide\u00a0: choisissez-en un autre "
        "avec --data.",
        "being-restored": "Une restauration est en cours dans {folder}, ou y a été coupée. Si aucune ne tourne, supprimez "
        "{staging} et recommencez.",
        "code-older": "Cette sauvegarde vient d’un Bastide plus récent ({migration}). Mettez celui-ci à jour d’abord.",
        "changed-migration": "La migration {migration} n’est plus celle qui avait été appliquée\u00a0: ce Bastide n’est pas la "
        "suite de celui de la sauvegarde.",
        "database-not-empty": "La base de BASTIDE_DATABASE_URL n’est pas vide. Faites-en une autre.",
        "restore": "La base de données n’a pas pu être restaurée\u00a0: {why}. Rien n’en reste.",
        "differs": "Ce qui a été restauré n’est pas ce qui avait été sauvegardé ({what}). Rien n’en reste dans le dossier.",
        "stopped": "Arrêté. Rien n’a été restauré.",
    },
)

ENGLISH = BackupWords(
    moment="%Y-%m-%d at %H:%M:%S",
    taken="A whole backup: {file}, {size}. {people} accounts, {spaces} spaces, {messages} messages, {blobs} stored files, "
    "as of {at}.",
    unencrypted="This file holds everything, unencrypted: keep it as you keep the instance itself, on another machine. "
    "To encrypt it: ./bastide backup - | age -r … > FILE",
    damaged="WARNING: {count} stored files were missing on the disk, or no longer what they were; they are not in the "
    "backup. The first: {first}. Look for them in an older backup, and look at the disk.",
    gaps="WARNING: the journal of {count} streams no longer has all its numbers. The backup keeps them as they are.",
    whole="The backup is whole, and every hash holds. Taken on {at} from {origin}: {people} accounts, {spaces} spaces, "
    "{messages} messages, {blobs} stored files.",
    restored="Restored into {data}; hashes, counts and journal were verified: {people} accounts, {spaces} spaces, {messages} "
    "messages, {blobs} stored files.",
    migrated="Brought up to this Bastide: {count} migrations.",
    audit_holds="The audit's chain holds to its last line ({lines} lines).",
    audit_broken="WARNING: the audit's chain does not hold at line {line}; it did not in the backup either. Tell your security "
    "officer.",
    lost="Lost: all that was done after {at}. What was taken away since has come back: members put out, accounts suspended, "
    "invitations withdrawn, passwords changed. Do it again before you open the instance.",
    sessions="Nobody is signed in: {count} sessions were ended, and links for forgotten passwords with them.",
    origin="Passkeys work at {origin} alone.",
    start="To start it: ./bastide up --data {data}",
    units=("bytes", "kB", "MB", "GB"),
    errors={
        "exists": "{file} is there already, and nothing is written over. Choose another name.",
        "no-folder": "There is no folder {folder}.",
        "cannot-write": "{file} cannot be written: {why}.",
        "no-room": "There is not enough room on the disk of {folder} (the last 512 MB stay free). Nothing was kept.",
        "server-newer": "The database is a PostgreSQL {server}, newer than the tools of this Bastide ({ours}). Back it up with "
        "its own pg_dump.",
        "busy": "Another backup of this instance is under way. Wait for its end.",
        "database": "The database did not answer to the end ({why}). Nothing was kept.",
        "dump": "The database could not be read: {why}. Nothing was kept.",
        "cannot-read": "{file} cannot be read: {why}.",
        "not-ours": "This is no backup of Bastide.",
        "format-newer": "This backup comes from a newer Bastide. Read it with that one.",
        "cut": "The backup is not whole: it was cut off, or damaged. Restore nothing of it.",
        "broken": "The backup was damaged or changed ({what}). Restore nothing of it.",
        "not-empty": "{folder} is not empty. One restores into an empty folder only: choose another with --data.",
        "being-restored": "A restore is under way in {folder}, or was cut short there. If none runs, remove {staging} and begin "
        "again.",
        "code-older": "This backup comes from a newer Bastide ({migration}). Bring this one up to date first.",
        "changed-migration": "The migration {migration} is no longer the one that ran: this Bastide does not follow the one of "
        "the backup.",
        "database-not-empty": "The database of BASTIDE_DATABASE_URL is not empty. Make another.",
        "restore": "The database could not be restored: {why}. Nothing of it is left.",
        "differs": "What was restored is not what was backed up ({what}). Nothing of it is left in the folder.",
        "stopped": "Stopped. Nothing was restored.",
    },
)
