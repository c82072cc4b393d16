import { type FormEvent, type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { PasskeyView } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { TextField } from "#/ui/control/Field";
import { IconButton } from "#/ui/control/IconButton";
import { useField } from "#/ui/control/useField";
import { IconDotsThree, IconFingerprint, IconPencilSimple, IconTrash } from "#/ui/icon";
import { Menu, MenuItem } from "#/ui/layer/Menu";
import { renamePasskey } from "./acts";
import styles from "./Passkeys.module.css";
import { useConfirmed } from "./useConfirmed";
import { useKeySentence } from "./words";

const NAME_MOST = 60;

/** One of one's passkeys: what it is called, since when, and what can be done with it. */
export function KeyRow({ passkey, onRemove }: { passkey: PasskeyView; onRemove: () => void }): ReactElement {
  const { t } = useTranslation("people");
  const format = useFormat();
  const [renaming, setRenaming] = useState(false);
  const added = t("passkeys.added", { day: format.longDay(Date.parse(passkey.created_at)) });
  const used = passkey.used_at
    ? t("passkeys.used", { when: format.dayAndTime(Date.parse(passkey.used_at)) })
    : t("passkeys.unused");
  return (
    <li className={styles.key}>
      <IconFingerprint size={24} />
      {renaming ? (
        <Rename passkey={passkey} onDone={() => setRenaming(false)} />
      ) : (
        <>
          <div className={styles.what}>
            <p className={styles.name}>{passkey.name}</p>
            <p className={styles.when}>
              {added} {used}
            </p>
            <p className={styles.when}>{t(passkey.copied ? "passkeys.copied" : "passkeys.alone")}</p>
          </div>
          <Menu
            label={t("passkeys.more", { name: passkey.name })}
            trigger={
              <IconButton
                icon={IconDotsThree}
                label={t("passkeys.more", { name: passkey.name })}
                side="left"
              />
            }
          >
            <MenuItem icon={IconPencilSimple} onSelect={() => setRenaming(true)}>
              {t("passkeys.rename")}
            </MenuItem>
            <MenuItem icon={IconTrash} danger onSelect={onRemove}>
              {t("passkeys.remove")}
            </MenuItem>
          </Menu>
        </>
      )}
    </li>
  );
}

function Rename({ passkey, onDone }: { passkey: PasskeyView; onDone: () => void }): ReactElement {
  const { t } = useTranslation("people");
  const { t: ui } = useTranslation("ui");
  const sentence = useKeySentence();
  const { confirmed, dialog } = useConfirmed();
  const field = useRef<HTMLInputElement>(null);
  const rename = useAct((asked: { id: string; name: string }) => confirmed(() => renamePasskey(asked)));
  const name = useField(passkey.name, (value) => {
    if (value.trim() === "") return t("passkeys.nameMissing");
    const count = [...value.trim()].length - NAME_MOST;
    return count > 0 ? t("me.tooLong", { count }) : null;
  });
  useEffect(() => field.current?.select(), []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (rename.isPending || !name.check()) return;
    rename.mutate({ id: passkey.id, name: name.value.trim() }, { onSuccess: onDone });
  };
  return (
    <>
      <form className={styles.rename} noValidate onSubmit={submit}>
        <TextField
          {...name.input}
          ref={field}
          label={t("passkeys.name")}
          autoComplete="off"
          {...(rename.error && { error: sentence(rename.error) })}
        />
        <Button type="submit" variant="primary" busy={rename.isPending}>
          {t("me.save")}
        </Button>
        <Button variant="plain" onClick={onDone}>
          {ui("cancel")}
        </Button>
      </form>
      {dialog}
    </>
  );
}
