import { type ReactElement, useState } from "react";
import { Button } from "#/ui/control/Button";
import { IconButton } from "#/ui/control/IconButton";
import { IconCopy, IconDotsThree, IconDownloadSimple, IconPencilSimple, IconTrash } from "#/ui/icon";
import { Dialog } from "#/ui/layer/Dialog";
import { Menu, MenuDivider, MenuItem, MenuNote, MenuTitle } from "#/ui/layer/Menu";
import { Popup } from "#/ui/layer/Popup";
import { SidePanel } from "#/ui/layer/SidePanel";
import { useToasts } from "#/ui/layer/Toasts";
import { Piece, Row } from "./Gallery";
import styles from "./Gallery.module.css";

export function Layers(): ReactElement {
  const toasts = useToasts();
  const [dialog, setDialog] = useState(false);
  const [popup, setPopup] = useState(false);
  const [panel, setPanel] = useState(() => innerWidth > 600);
  const nothing = (): void => undefined;
  return (
    <>
      <Piece name="Menu, dialog, popup, toast">
        <Row>
          <Menu
            label="Ce message"
            side="bottom-start"
            trigger={<IconButton icon={IconDotsThree} label="Plus d’actions" />}
          >
            <MenuTitle>Ce message</MenuTitle>
            <MenuItem icon={IconPencilSimple} onSelect={nothing} keys={["E"]}>
              Modifier
            </MenuItem>
            <MenuItem icon={IconCopy} onSelect={nothing}>
              Copier le texte
            </MenuItem>
            <MenuItem checked onSelect={nothing}>
              Me prévenir des réponses
            </MenuItem>
            <MenuItem checked={false} onSelect={nothing}>
              En sourdine
            </MenuItem>
            <MenuNote>Un message sensible ne sort pas par un lien.</MenuNote>
            <MenuDivider />
            <MenuItem icon={IconTrash} danger onSelect={nothing}>
              Supprimer
            </MenuItem>
          </Menu>
          <Button id="dialog" onClick={() => setDialog(true)}>
            Dialogue
          </Button>
          <Popup
            label="Une carte"
            opened={popup}
            onChange={setPopup}
            trigger={
              <Button id="popup" onClick={() => setPopup(!popup)} aria-expanded={popup}>
                Carte
              </Button>
            }
          >
            <p style={{ padding: 8 }}>
              Inès Courtial <button type="button">Écrire</button>
            </p>
          </Popup>
          <Button
            id="toast"
            onClick={() => toasts.show({ text: "Margaux a été retirée de l’espace.", undo: () => undefined })}
          >
            Dire
          </Button>
        </Row>
        <Dialog
          title="Quitter « Plan de sobriété, volet bâtiments » ?"
          opened={dialog}
          onClose={() => setDialog(false)}
          actions={
            <>
              <Button onClick={() => setDialog(false)}>Rester</Button>
              <Button variant="danger" onClick={() => setDialog(false)}>
                Quitter l’espace
              </Button>
            </>
          }
        >
          Vous ne verrez plus ses messages ni ses fichiers. Un gestionnaire pourra vous y remettre.
        </Dialog>
      </Piece>
      <Piece name="Side panel" wide>
        <div className={styles.panel}>
          {panel ? (
            <SidePanel
              title="Détails"
              about="plan-de-secours.odt"
              onClose={() => setPanel(false)}
              actions={<IconButton icon={IconDownloadSimple} label="Télécharger" />}
            >
              Ce qui se dit du fichier.
            </SidePanel>
          ) : (
            <Button onClick={() => setPanel(true)}>Ouvrir</Button>
          )}
        </div>
      </Piece>
    </>
  );
}
