import { type ReactElement, useState } from "react";
import { Button } from "#/ui/control/Button";
import { Checkbox, Choice, Switch } from "#/ui/control/Choice";
import { PasswordField, SearchField, Select, TextArea, TextField } from "#/ui/control/Field";
import { IconButton } from "#/ui/control/IconButton";
import { Kbd } from "#/ui/control/Kbd";
import { ProgressLine } from "#/ui/control/ProgressLine";
import { TabBar, TabLink } from "#/ui/control/Tabs";
import { TokenField } from "#/ui/control/TokenField";
import {
  IconChatCircle,
  IconFolder,
  IconMicrophone,
  IconPhone,
  IconPhoneX,
  IconPlus,
  IconPushPin,
  IconTrash,
  IconUploadSimple,
} from "#/ui/icon";
import { LABEL_ICON, LABELS, type Label } from "#/ui/mark/LabelPill";
import { Matched } from "#/ui/text/Matched";
import { Piece, Row } from "./Gallery";
import styles from "./Gallery.module.css";

const LONG = "Suivi interministériel de la mise en œuvre du plan départemental de prévention des risques";

export function Controls(): ReactElement {
  const [search, setSearch] = useState("");
  const [label, setLabel] = useState<Label>("sensitive");
  const [entry, setEntry] = useState<"invited" | "open">("invited");
  return (
    <>
      <Towns />
      <Piece name="Buttons">
        <Row>
          <Button variant="primary">Créer l’espace</Button>
          <Button icon={IconPhone}>Appeler</Button>
          <Button variant="plain">Annuler</Button>
          <Button variant="danger" icon={IconPhoneX}>
            Quitter
          </Button>
        </Row>
        <Row>
          <Button variant="primary" size="s" icon={IconUploadSimple}>
            Déposer
          </Button>
          <Button variant="primary" size="l">
            Se connecter
          </Button>
          <Button busy>Envoi en cours</Button>
          <Button disabled icon={IconPhone}>
            Appeler
          </Button>
          <Button variant="primary" disabled>
            Créer
          </Button>
        </Row>
        <Row>
          <Button variant="primary" icon={IconPlus}>
            {LONG}
          </Button>
        </Row>
      </Piece>
      <Piece name="Icon buttons, keys">
        <Row>
          <IconButton icon={IconPushPin} label="Épingler" />
          <IconButton icon={IconMicrophone} label="Couper le micro" keys={["M"]} pressed />
          <IconButton icon={IconTrash} label="Supprimer" danger />
          <IconButton icon={IconPhone} label="Appeler" disabled />
          <Kbd name="ctrl" />
          <Kbd name="K" />
          <Kbd name="escape" />
        </Row>
      </Piece>
      <Piece name="Search">
        <div className={styles.stack}>
          <SearchField
            label="Rechercher, aller à…"
            value={search}
            onChange={setSearch}
            keys={["ctrl", "K"]}
          />
          <SearchField label="Trouver un agent" value="budg" onChange={() => undefined} />
        </div>
      </Piece>
      <Piece name="Fields">
        <div className={styles.stack}>
          <TextField label="Nom de l’espace" defaultValue={LONG} />
          <TextField label="Adresse" placeholder="prenom.nom@administration.example" aside="20 sur 90" tall />
          <TextField
            label="Nom du canal"
            error="Ce nom est déjà pris dans cet espace."
            defaultValue="général"
          />
          <PasswordField label="Mot de passe" defaultValue="une phrase assez longue" />
          <TextField
            label="Fonction"
            optional
            disabled
            hint="Elle vient de l’annuaire de votre administration."
          />
        </div>
      </Piece>
      <Piece name="More fields">
        <div className={styles.stack}>
          <TextArea label="À quoi sert cet espace ?" optional />
          <Select
            label="Rôle"
            options={[
              { value: "reader", label: "lecteur" },
              { value: "contributor", label: "contributeur" },
              { value: "manager", label: "gestionnaire" },
            ]}
          />
          <Choice
            legend="On y entre"
            options={[
              { value: "invited", label: "sur invitation" },
              { value: "open", label: "librement" },
            ]}
            value={entry}
            onChange={setEntry}
          />
          <Checkbox
            label="Le travail courant du service"
            detail="Notes, plannings, comptes rendus"
            aside="interne"
            defaultChecked
          />
          <Checkbox label="Des informations déjà publiques" detail="Horaires, communiqués" aside="public" />
          <Switch label="Discussion" detail="Canaux et messages" defaultChecked />
          <Switch label="Fichiers" />
        </div>
      </Piece>
      <Piece name="Labels as a choice" wide>
        <Choice
          legend="Son label"
          spaced
          options={LABELS.map((value) => ({
            value,
            label: value,
            icon: LABEL_ICON[value],
            tone: value,
            disabled: value === "restricted",
          }))}
          value={label}
          onChange={setLabel}
        />
      </Piece>
      <Piece name="Tabs">
        <TabBar label="Outils">
          <TabLink to="/" icon={IconChatCircle}>
            Discussion
          </TabLink>
          <TabLink to="." hash="files" icon={IconFolder} activeOptions={{ includeHash: true }} count={12}>
            Fichiers
          </TabLink>
        </TabBar>
      </Piece>
      <Piece name="Progress">
        <div className={styles.stack}>
          <ProgressLine share={0.42} label="Envoi de plan.odt" />
          <ProgressLine share={null} label="Préparation" />
        </div>
      </Piece>
    </>
  );
}

const TOWNS = ["Castelbrac", "Montrevel", "Pont-Lévy", "Saint-Amant", LONG];

function Towns(): ReactElement {
  const [chosen, setChosen] = useState<readonly string[]>(["Montrevel", LONG]);
  const [query, setQuery] = useState("");
  const token = (town: string) => ({ item: town, id: town, name: town });
  return (
    <Piece name="Field of tokens">
      <TokenField
        label="Communes"
        placeholder="Ajouter une commune"
        chosen={chosen.map(token)}
        onChosen={setChosen}
        query={query}
        onQuery={setQuery}
        empty={`Aucune commune ne s’appelle « ${query} ».`}
        options={TOWNS.filter(
          (town) => !chosen.includes(town) && town.toLowerCase().includes(query.toLowerCase()),
        ).map((town) => ({ ...token(town), row: <Matched text={town} wanted={query} /> }))}
      />
    </Piece>
  );
}
