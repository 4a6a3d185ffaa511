"""The usual wordings of the columns of the case, as students write them in a table of their own."""

from __future__ import annotations

from collections.abc import Mapping

_USUAL = {
    "id_contact": "N° | no | num | numéro | id | identifiant | fiche | n° fiche | numéro fiche | n° contact | "
    "numéro de contact | contact n°",
    "type_contact": "type | nature | type client",
    "civilite": "civ | titre",
    "nom": "nom de famille",
    "prenom": "prénom usuel",
    "raison_sociale": "entreprise | société | nom de l’entreprise | enseigne",
    "activite": "secteur | secteur d’activité",
    "effectif": "salariés | nombre de salariés | nb salariés",
    "siret": "n° siret | numéro siret",
    "code_ape": "ape | naf | code naf",
    "numero_voie": "n° voie | n° rue | numéro rue | numéro adresse",
    "indice_repetition": "indice | bis ter | répétition",
    "type_voie": "voie | nature voie",
    "nom_voie": "rue | nom rue | libellé voie",
    "complement": "complément adresse",
    "code_postal": "cp | postal",
    "ville": "commune | localité",
    "telephone": "tél | tel | n° téléphone | numéro téléphone | portable | mobile",
    "email": "e-mail | mail | courriel | adresse mail | adresse e-mail | adresse électronique",
    "date_naissance": "naissance | né le | date naiss",
    "sexe": "genre",
    "optin_email": "opt-in e-mail | opt-in mail | consentement mail | consentement email | accord e-mail",
    "optin_sms": "opt-in sms | consentement sms | accord sms",
    "optin_tel": "opt-in téléphone | opt-in tel | consentement tel | consentement téléphone | accord téléphone",
    "date_consentement_tel": "date consentement | date consentement téléphone | date opt-in tel",
    "origine": "source | origine contact",
    "date_creation": "création | date création fiche",
    "date_dernier_achat": "dernier achat | date achat",
    "nb_achats_12m": "nb achats | nombre achats | nb achats 12 mois | nombre achats 12 mois | achats 12 mois",
    "panier_moyen": "panier | montant moyen | panier moyen €",
    "alerte": "annotation | remarque",
    "R": "récence | r récence | note r | note récence | points r | score r | récence r",
    "F": "fréquence | f fréquence | note f | note fréquence | points f | score f | fréquence f",
    "M": "montant | m montant | note m | note montant | points m | score m | montant m",
    "score": "total | score rfm | score total | total rfm | rfm | somme | note rfm | r f m | r+f+m",
    "segment": "segment rfm | segment client | catégorie | classe | groupe | type client rfm | type de client",
}
WORDINGS: Mapping[str, tuple[str, ...]] = {name: (name, *text.split(" | ")) for name, text in _USUAL.items()}
"""By name, the name itself first."""
