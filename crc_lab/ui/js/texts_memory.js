// What a student reads in the flashcards and in the lexicon. A text with {n} comes with its plural: [one, several].

export const TM = {
  // flashcards: the start
  welcome: ["{n} carte à revoir aujourd’hui.", "{n} cartes à revoir aujourd’hui."],
  nothing: "Rien à revoir aujourd’hui. Revenez demain, ou découvrez de nouvelles cartes.",
  nothingLeft: "Rien à revoir aujourd’hui, et vous avez déjà vu toutes les cartes. Revenez demain.",
  fresh: ["{n} carte jamais vue.", "{n} cartes jamais vues."],
  size: "Combien de cartes ?",
  direction: "On me montre…",
  directions: { deux: "tantôt le mot, tantôt la définition", definition: "le mot, je cherche la définition", terme: "la définition, je cherche le mot" },
  theme: "Thème",
  allThemes: "tous les thèmes",
  start: "Commencer",
  undo: "Annuler la dernière note",
  undone: "Note annulée : la carte est de nouveau devant vous.",

  // flashcards: one card
  askDefinition: "Que veut dire ce mot ?",
  askTerm: "Quel est ce mot ?",
  show: "Voir la réponse",
  showKey: " (espace)",
  front: "Recto",
  back: "Réponse",
  missing: "Cette carte n’est plus dans le lexique. Donnez-lui n’importe quelle note pour continuer.",
  rate: "Avez-vous trouvé ?",
  ratings: { 1: "À revoir", 2: "Difficile", 3: "Bien", 4: "Facile" },
  again: "dans {delay}",
  course: "Dans le cours : {source}.",
  position: "Carte {n} sur {total}",
  stop: "Arrêter là",
  keysHelp: "Au clavier : Espace montre la réponse, 1 à 4 donnent la note, Ctrl + Z l’annule.",
  deadKernel: "Le moteur de calcul ne répond pas : la note n’a pas été prise. Cliquez sur « Tout relancer », vos progrès sont gardés.",

  // flashcards: the end and the numbers
  done: ["Session finie : {n} carte revue.", "Session finie : {n} cartes revues."],
  another: "Une autre session",
  statistics: "Mes progrès",
  learnt: "Apprises",
  learning: "En cours",
  unseen: "Jamais vues",
  due: "À revoir maintenant",
  today: "Notes aujourd’hui",
  learntHelp: "Une carte est apprise quand elle peut attendre une semaine.",
  forecast: "Cartes à revoir dans les jours qui viennent",
  day: "Jour",
  cards: "Cartes",
  todayShort: "aujourd’hui",
  tomorrow: "demain",
  inDays: "dans {n} jours",

  // lexicon
  lexicon: "Lexique",
  terms: "Les mots et leur définition",
  search: "Chercher un mot",
  searchHint: "scoring, opposition…",
  found: ["{n} mot", "{n} mots"],
  none: "Aucun mot ne correspond. Essayez une partie du mot, ou un autre thème.",
};
