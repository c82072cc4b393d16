import { type ReactElement, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSentence } from "#/core/i18n/useSentence";
import { useMe } from "#/core/session/useMe";
import { useAct } from "#/core/useAct";
import { Button } from "#/ui/control/Button";
import { IconImage, IconTrash } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { useToasts } from "#/ui/layer/Toasts";
import { FormProblem } from "#/ui/state/FormProblem";
import { face } from "../names";
import { portraitOf } from "../portrait";
import { removePicture, setPicture } from "../queries";
import styles from "./Me.module.css";

type Chosen = { readonly blob: Blob; readonly url: string };

/** One's own picture: what is chosen shows as it will be seen, and is put on only then. */
export function Picture(): ReactElement {
  const { t } = useTranslation("people");
  const { t: ui } = useTranslation("ui");
  const sentence = useSentence();
  const toasts = useToasts();
  const { card } = useMe().profile;
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [unreadable, setUnreadable] = useState(false);
  const put = useAct((blob: Blob) => setPicture(blob));
  const remove = useAct(removePicture);

  useEffect(() => {
    const url = chosen?.url;
    return url ? () => URL.revokeObjectURL(url) : undefined;
  }, [chosen]);

  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    put.reset();
    setUnreadable(false);
    try {
      const blob = await portraitOf(file);
      setChosen({ blob, url: URL.createObjectURL(blob) });
    } catch {
      // Not a picture, or of a kind that this browser does not read.
      setChosen(null);
      setUnreadable(true);
    }
  };
  const error = put.error ?? remove.error;

  return (
    <section className={styles.picture} aria-label={t("me.picture")}>
      <Avatar person={chosen ? { ...face(card), picture: chosen.url } : face(card)} size={96} />
      <div className={styles.pictureSide}>
        <p className={styles.hint}>{t(chosen ? "me.pictureChosen" : "me.pictureText")}</p>
        <div className={styles.buttons}>
          {chosen ? (
            <>
              <Button
                variant="primary"
                busy={put.isPending}
                onClick={() => put.mutate(chosen.blob, { onSuccess: () => setChosen(null) })}
              >
                {t("me.pictureUse")}
              </Button>
              <Button variant="plain" onClick={() => setChosen(null)}>
                {ui("cancel")}
              </Button>
            </>
          ) : (
            <>
              <Button icon={IconImage} onClick={() => input.current?.click()}>
                {t(card.picture ? "me.pictureOther" : "me.pictureChoose")}
              </Button>
              {card.picture && (
                <Button
                  variant="plain"
                  icon={IconTrash}
                  busy={remove.isPending}
                  onClick={() =>
                    remove.mutate(undefined, { onSuccess: () => toasts.show({ text: t("me.pictureGone") }) })
                  }
                >
                  {t("me.pictureRemove")}
                </Button>
              )}
            </>
          )}
        </div>
        {unreadable && <FormProblem text={t("me.pictureUnreadable")} />}
        {error && <FormProblem text={sentence(error)} />}
      </div>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          void choose(event.target.files?.[0]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
    </section>
  );
}
