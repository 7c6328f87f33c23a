// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

/// The words of the pocket world. Common words are English; names of people and towns are invented.
/// Every word starts with a consonant sound, so that "a" is always the right article.
namespace bitfrontier::pocket {

using Words32 = std::array<std::string_view, 32>;

inline constexpr std::array<std::string_view, 64> kFirstNames = {
    "Bara", "Belo", "Bimi", "Boran", "Calo", "Cemi", "Coda", "Dalu", "Demo", "Dira", "Doli",
    "Duna", "Falo", "Femi", "Fira",  "Gano", "Gelu", "Goma", "Hala", "Heno", "Hila", "Jaro",
    "Jemi", "Jola", "Kalo", "Keva",  "Kiro", "Koma", "Lanu", "Lemi", "Liro", "Lota", "Malo",
    "Meru", "Mila", "Mona", "Nalu",  "Nemo", "Niva", "Noro", "Pala", "Pero", "Pila", "Pomu",
    "Rano", "Relu", "Rima", "Rosa",  "Salo", "Semi", "Sira", "Sola", "Talu", "Temo", "Tila",
    "Tora", "Valo", "Vemi", "Vira",  "Volu", "Walo", "Wena", "Zara", "Zemo"};

inline constexpr std::array<std::string_view, 64> kLastNames = {
    "Barket", "Belding", "Brask",  "Carvel", "Cobbin",  "Corder", "Dalmer", "Denkel",
    "Dorfin", "Fallow",  "Fenton", "Forbin", "Gander",  "Gelder", "Gorvin", "Hadler",
    "Henfel", "Holmar",  "Jasper", "Jelden", "Jorbin",  "Kander", "Keswin", "Korvel",
    "Landor", "Lenker",  "Lorvin", "Mander", "Merkel",  "Mordan", "Nander", "Nelkin",
    "Norvel", "Padmer",  "Pelkin", "Porder", "Quiller", "Rander", "Renkel", "Rolvin",
    "Sander", "Selkin",  "Sorvel", "Tander", "Telmar",  "Torbin", "Tulver", "Vander",
    "Velkin", "Vorden",  "Walder", "Welkin", "Worden",  "Yander", "Yelkin", "Yorvel",
    "Zander", "Zelmar",  "Zorbin", "Bolder", "Culver",  "Duster", "Fulmer", "Gulden"};

inline constexpr Words32 kTowns = {
    "Barrow",  "Belmont", "Brinton", "Carfax", "Colby",   "Dalton",  "Denby",  "Dorset",
    "Farley",  "Felton",  "Garston", "Glenby", "Harlow",  "Helmsey", "Hinton", "Kelby",
    "Kirkton", "Langley", "Linton",  "Marlow", "Milby",   "Norton",  "Parley", "Penby",
    "Redmond", "Selby",   "Stanton", "Tarlow", "Thornby", "Walby",   "Weston", "Yarmoor"};

inline constexpr Words32 kTrades = {
    "baker",  "barber", "brewer", "butcher", "carpenter", "clerk",   "cobbler", "cook",
    "dancer", "doctor", "farmer", "fisher",  "gardener",  "glazier", "guard",   "hunter",
    "judge",  "lawyer", "mason",  "miller",  "miner",     "painter", "pilot",   "plumber",
    "poet",   "potter", "sailor", "singer",  "smith",     "tailor",  "teacher", "weaver"};

inline constexpr Words32 kFoods = {
    "bacon",   "barley", "beans",  "beef",    "berries", "bread",   "butter",  "cabbage",
    "carrots", "cheese", "corn",   "dates",   "figs",    "fish",    "garlic",  "ginger",
    "grapes",  "honey",  "lemons", "lentils", "melon",   "noodles", "nuts",    "pears",
    "peas",    "plums",  "rice",   "soup",    "stew",    "toast",   "turnips", "yams"};

inline constexpr Words32 kAnimals = {
    "badger", "bat",    "bear", "beaver", "bull",    "camel", "cat",    "cow",
    "crow",   "deer",   "dog",  "donkey", "dove",    "duck",  "falcon", "ferret",
    "fox",    "frog",   "goat", "goose",  "hamster", "hare",  "hen",    "horse",
    "lizard", "monkey", "mule", "parrot", "pig",     "pony",  "sheep",  "turtle"};

inline constexpr Words32 kTools = {
    "bolt",  "brush",  "bucket", "chain",  "chisel", "clamp",  "comb",   "crowbar",
    "drill", "file",   "fork",   "funnel", "glove",  "hammer", "hook",   "jar",
    "knife", "ladder", "lever",  "magnet", "mallet", "needle", "net",    "plane",
    "pump",  "rake",   "ruler",  "saw",    "shovel", "sponge", "trowel", "wrench"};

/// What one may want to do to one of kThings.
inline constexpr std::array<std::string_view, 40> kDeeds = {
    "bend", "break", "carry", "clean", "close", "cool", "cover", "cut",   "dry",   "fix",
    "flip", "hang",  "heat",  "hide",  "hold",  "join", "lift",  "mark",  "mend",  "move",
    "pack", "paint", "pull",  "push",  "raise", "roll", "shake", "shape", "split", "stop",
    "test", "turn",  "bury",  "chain", "drag",  "grip", "load",  "peel",  "rub",   "wrap"};

inline constexpr std::array<std::string_view, 40> kThings = {
    "barrel", "basket", "bell",  "boat",   "bottle", "box",     "bridge", "candle",
    "carpet", "cart",   "chair", "clock",  "coat",   "curtain", "door",   "drum",
    "fence",  "flag",   "gate",  "kettle", "lamp",   "mirror",  "pillow", "pipe",
    "plate",  "rope",   "sail",  "shirt",  "stone",  "table",   "tent",   "wheel",
    "bench",  "cabin",  "desk",  "harp",   "ladle",  "post",    "shed",   "vase"};

/// Activities ("Brewing cider") are a gerund and a good.
inline constexpr std::array<std::string_view, 40> kGerunds = {
    "Baking",  "Boiling",  "Brewing",  "Building", "Burning",  "Buying",  "Carving", "Casting",
    "Drawing", "Feeding",  "Finding",  "Growing",  "Hauling",  "Keeping", "Lending", "Making",
    "Mixing",  "Picking",  "Planting", "Selling",  "Sewing",   "Smoking", "Storing", "Washing",
    "Binding", "Bringing", "Cooking",  "Digging",  "Fetching", "Gluing",  "Hunting", "Loading",
    "Packing", "Pressing", "Rolling",  "Saving",   "Tanning",  "Trading", "Turning", "Weaving"};

inline constexpr std::array<std::string_view, 40> kGoods = {
    "blankets", "boots",  "bricks",  "brooms",  "buttons", "cakes",   "canvas",   "cider",
    "cloth",    "copper", "flowers", "glass",   "hay",     "leather", "linen",    "medals",
    "paper",    "pies",   "ribbons", "rugs",    "salt",    "seeds",   "tiles",    "wool",
    "baskets",  "beads",  "bottles", "candles", "chairs",  "cotton",  "feathers", "gloves",
    "hats",     "jam",    "maps",    "nails",   "pottery", "rope",    "silk",     "soap"};

/// A step of a script is "gathers the sand": a step verb and a step noun.
inline constexpr Words32 kStepVerbs = {
    "beats",  "checks", "chops",   "counts",  "crushes", "dips",    "drains", "drops",
    "hoists", "fills",  "folds",   "gathers", "grinds",  "lights",  "locks",  "measures",
    "melts",  "peels",  "presses", "pours",   "rinses",  "scrapes", "shuts",  "sifts",
    "soaks",  "sorts",  "spreads", "stirs",   "tastes",  "ties",    "warms",  "weighs"};

inline constexpr Words32 kStepNouns = {
    "bag",    "batter", "board", "bowl",   "cellar", "clay",    "cord",   "crate",
    "dough",  "dust",   "fire",  "flour",  "frame",  "furnace", "handle", "hull",
    "leaves", "lid",    "mat",   "mold",   "pan",    "pot",     "rack",   "resin",
    "roots",  "sand",   "shell", "string", "tank",   "thread",  "tub",    "wax"};

/// A passing state of a person and what the person then does.
struct Need {
  std::string_view state;
  std::string_view act;
};
inline constexpr std::array<Need, 16> kNeeds = {{{"hungry", "ate some bread"},
                                                 {"tired", "went to sleep"},
                                                 {"thirsty", "drank some water"},
                                                 {"cold", "put on a coat"},
                                                 {"sick", "called the doctor"},
                                                 {"rich", "paid for dinner"},
                                                 {"late", "ran to the gate"},
                                                 {"dirty", "washed in the river"},
                                                 {"lost", "looked at the map"},
                                                 {"cross", "shouted at the wall"},
                                                 {"sad", "began to cry"},
                                                 {"wet", "sat by the fire"},
                                                 {"brave", "climbed the tower"},
                                                 {"strong", "lifted the stone"},
                                                 {"bored", "started a game"},
                                                 {"tall", "reached the shelf"}}};

}  // namespace bitfrontier::pocket
