import type { ReactElement } from "react";
import { Button } from "#/ui/control/Button";
import { IconPackage, IconSquaresFour, IconUserPlus } from "#/ui/icon";
import { EmptyState } from "#/ui/state/EmptyState";
import { ErrorState } from "#/ui/state/ErrorState";
import { OfflineLine, RenewLine } from "#/ui/state/OfflineLine";
import { Refusal } from "#/ui/state/Refusal";
import { MessageBones, RowBones } from "#/ui/state/Skeleton";
import { Piece } from "./Gallery";

export function States(): ReactElement {
  return (
    <>
      <Piece name="Offline" wide>
        <OfflineLine since="9 h 12" />
        <RenewLine />
      </Piece>
      <Piece name="Empty">
        <EmptyState
          text="Ici, l’équipe du collège se parle, se réunit et garde ses documents au même endroit."
          action={
            <Button variant="primary" icon={IconUserPlus}>
              Inviter des collègues
            </Button>
          }
        />
      </Piece>
      <Piece name="Error">
        <ErrorState
          title="Le serveur ne répond pas"
          text="Rien n’est perdu. Vérifiez votre connexion, puis réessayez."
          onRetry={() => undefined}
        />
      </Piece>
      <Piece name="Small">
        <EmptyState
          small
          text="Personne d’autre n’est encore là."
          action={<Button size="s">Inviter</Button>}
        />
        <ErrorState
          small
          title="La liste n’a pas pu être lue"
          text="Rien n’a été changé."
          onRetry={() => undefined}
        />
      </Piece>
      <Piece name="Refusal">
        <Refusal
          title="Julie Vasseur ne peut pas entrer ici"
          reason="Elle n’est pas agente, et cet espace est sensible : les invités sont admis jusqu’au label interne."
          rule="Règle « Invités et labels », fixée par Bastide."
          noted="Le refus est noté."
          ways={[
            {
              icon: IconSquaresFour,
              title: "L’inviter dans un espace interne",
              text: "« Plan inondation, partenaires » réunit déjà neuf agents et quatre invités.",
              action: <Button variant="primary">Inviter Julie là-bas</Button>,
            },
            {
              icon: IconPackage,
              title: "Lui remettre un conteneur",
              text: "Un fichier chiffré à son nom, qu’elle seule ouvrira.",
              action: <Button>Préparer un conteneur</Button>,
            },
          ]}
        />
      </Piece>
      <Piece name="Skeletons">
        <RowBones count={6} />
        <MessageBones count={4} />
      </Piece>
    </>
  );
}
