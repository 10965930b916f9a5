#include <array>

#include "analog/amplifier/design.h"

namespace gainstage::analog {
namespace {

// Parts as published: Fender AB763 (Twin Reverb), normal channel. Every triode a 12AX7.

constexpr std::string_view kPreamp = R"(
R guitar jack 10k
R jack 0 1meg
R jack grid1 34k
T plate1 grid1 cathode1
R cathode1 0 1.5k
C cathode1 0 25u
V supply1 410
R supply1 plate1 100k
C plate1 trebletop 250p
P treble trebletop toned trebleend 250k
R plate1 slope 100k
C slope trebleend 100n
B bass trebleend middletop 250k
C slope middletop 47n
B middle middletop 0 10k
P volume toned grid2 0 1meg
C toned brightened 120p
B dark brightened grid2 100meg
T plate2 grid2 cathode2
R cathode2 0 1.5k
C cathode2 0 25u
V supply2 410
R supply2 plate2 100k
C plate2 mixing 100n
R mixing mixed 220k
R mixed 0 220k
C mixed out 1n
)";

constexpr std::string_view kInverter = R"(
T platea out shared
T plateb grid2i shared
R shared tail 470
R out tail 1meg
R grid2i tail 1meg
R tail foot 22k
R foot 0 100
C grid2i foot 100n
R fed foot 820
V supplyi 410
R supplyi platea 82k
R supplyi plateb 100k
V bias -49
C platea leaka 100n
R leaka bias 220k
R leaka powera 1.5k
C powera 0 50p
G powera
C plateb leakb 100n
R leakb bias 220k
R leakb powerb 1.5k
C powerb 0 50p
G powerb
)";

constexpr std::array kKnobs{
    AmplifierKnob{"volume", "Volume", "volume", Taper::audio, 0.5f},
    AmplifierKnob{"treble", "Treble", "treble", Taper::linear, 0.5f},
    AmplifierKnob{"middle", "Middle", "middle", Taper::linear, 0.5f},
    AmplifierKnob{"bass", "Bass", "bass", Taper::audio, 0.5f},
    AmplifierKnob{"bright", "Bright", "dark", Taper::reversed, 1.0f},
};

}  // namespace

const AmplifierDesign kAmericanClean{.id = "american-clean",
                                     .name = "American clean",
                                     .preamp = kPreamp,
                                     .inverter = kInverter,
                                     .knobs = kKnobs,
                                     .power = {.tube = {8.7, 1.35, 1460.0, 48.0, 12.0},
                                               .tubes = 4,
                                               .gridVolts = -49.0,
                                               .cathodeOhms = 0.0,
                                               .cathodeFarads = 0.0,
                                               .plateVolts = 455.0,
                                               .screenVolts = 450.0,
                                               .supplyOhms = 60.0,
                                               .supplyFarads = 35e-6,
                                               .screenOhms = 50.0,
                                               .screenFarads = 20e-6,
                                               .otherAmperes = 0.02,
                                               .turns = 22.4,
                                               .primaryHenries = 10.0,
                                               .leakageHenries = 8e-3,
                                               .primaryOhms = 60.0,
                                               .secondaryOhms = 0.2,
                                               .coilOhms = 3.1,
                                               .coilHenries = 0.25e-3,
                                               .coilLossOhms = 20.0,
                                               .resonanceHz = 90.0,
                                               .resonanceQ = 6.0,
                                               .resonanceOhms = 21.0,
                                               .feedbackShare = 1.0},
                                     .ratedWatts = 85.0,
                                     .fullScaleVolts = 90.0};

}  // namespace gainstage::analog
