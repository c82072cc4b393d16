import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import { isPicture } from "#/chat/files/pictures";
import { useAuthor } from "#/chat/useAuthor";
import { words } from "#/core/api/content";
import type { FileView } from "#/core/api/schema";
import { useFormat } from "#/core/format/useFormat";
import { Button, ButtonAnchor } from "#/ui/control/Button";
import { FileIcon } from "#/ui/file/FileIcon";
import { fileKind } from "#/ui/file/kind";
import { IconDownloadSimple, IconTrash, IconUsers } from "#/ui/icon";
import { Avatar } from "#/ui/identity/Avatar";
import { SidePanel } from "#/ui/layer/SidePanel";
import styles from "./FileDetails.module.css";
import { contentUrl, previewUrl } from "./queries";

/** A file, beside its list: what it looks like, what it is, who put it there and who can read it. */
export function FileDetails({
  file,
  mayRemove,
  members,
  onView,
  onRemove,
  onClose,
}: {
  file: FileView;
  mayRemove: boolean;
  members: number;
  onView: () => void;
  onRemove: () => void;
  onClose: () => void;
}): ReactElement {
  const { t } = useTranslation("files");
  const { t: ui } = useTranslation("ui");
  const format = useFormat();
  const { face } = useAuthor(file.created_by);
  const name = words(file.name);
  const picture = isPicture(file);
  const facts = [ui(`file.${fileKind(file.media_type)}`), format.size(file.size)];
  if (file.width !== null && file.height !== null) {
    facts.push(`${format.number(file.width)} × ${format.number(file.height)}`);
  }
  return (
    <SidePanel title={t("details")} onClose={onClose}>
      <Look file={file} name={name} onView={onView} />
      <p className={styles.name}>{name}</p>
      <p className={styles.facts}>{facts.join(", ")}</p>
      <div className={styles.acts}>
        {picture && (
          <Button variant="primary" wide onClick={onView}>
            {t("open")}
          </Button>
        )}
        <ButtonAnchor
          href={contentUrl(file.id)}
          download={name}
          icon={IconDownloadSimple}
          wide
          variant={picture ? "quiet" : "primary"}
        >
          {t("download")}
        </ButtonAnchor>
      </div>
      <h3 className={styles.heading}>{t("by")}</h3>
      <p className={styles.line}>
        <Avatar person={face} size={24} />
        <span>
          {face.name}
          <br />
          <span className={styles.quiet}>{format.dayAndTime(Date.parse(file.created_at))}</span>
        </span>
      </p>
      <h3 className={styles.heading}>{t("sharing")}</h3>
      <p className={styles.line}>
        <IconUsers size={20} />
        <span>{t("readers", { count: members })}</span>
      </p>
      {mayRemove && (
        <Button variant="plain" icon={IconTrash} className={styles.remove ?? ""} onClick={onRemove}>
          {t("remove")}
        </Button>
      )}
    </SidePanel>
  );
}

function Look({ file, name, onView }: { file: FileView; name: string; onView: () => void }): ReactElement {
  const { t } = useTranslation("files");
  const [failed, setFailed] = useState<string | null>(null);
  if (file.preview === "ready" && failed !== file.id) {
    return (
      <button type="button" className={styles.look} aria-label={t("openNamed", { name })} onClick={onView}>
        <img
          src={previewUrl(file.id, 480)}
          alt=""
          width={file.width ?? undefined}
          height={file.height ?? undefined}
          onError={() => setFailed(file.id)}
        />
      </button>
    );
  }
  return (
    <div className={styles.noLook}>
      <FileIcon kind={fileKind(file.media_type)} size={48} />
      {file.preview === "pending" && <span className={styles.quiet}>{t("previewPending")}</span>}
      {file.preview === "failed" && <span className={styles.quiet}>{t("previewFailed")}</span>}
    </div>
  );
}
