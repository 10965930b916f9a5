#include <array>

#include "analog/amplifier/design.h"

namespace gainstage::analog {
namespace {

// Parts as published: Fender 5F6-A (Bassman), bright channel, with a 12AX7 first. Every triode a 12AX7.

constexpr std::string_view kPreamp = R"(
R guitar jack 10k
R jack 0 1meg
R jack grid1 34k
T plate1 grid1 cathode1
R cathode1 0 1.64k
C cathode1 0 125u
V supply1 325
R supply1 plate1 100k
C plate1 volumetop 20n
P volume volumetop volumewiper 0 1meg
C volumetop volumewiper 100p
R volumewiper grid2 270k
R grid2 0 270k
T plate2 grid2 cathode2
R cathode2 0 820
V supply2 325
R supply2 plate2 100k
T supply2 plate2 cathode3
R cathode3 0 100k
C cathode3 trebletop 250p
P treble trebletop toned trebleend 250k
R cathode3 slope 56k
C slope trebleend 20n
B bass trebleend middletop 1meg
C slope middlewiper 20n
P middle middletop middlewiper 0 25k
C toned out 20n
)";

constexpr std::string_view kInverter = R"(
T platea out shared
T plateb grid2i shared
R shared tail 470
R out tail 1meg
R grid2i tail 1meg
R tail foot 10k
P presence foot presencewiper 0 5k
C presencewiper 0 100n
C grid2i foot 100n
R fed foot 27k
V supplyi 385
R supplyi platea 82k
R supplyi plateb 100k
C platea plateb 47p
V bias -44.6
C platea leaka 100n
R leaka bias 220k
R leaka powera 1.5k
C powera 0 15p
G powera
C plateb leakb 100n
R leakb bias 220k
R leakb powerb 1.5k
C powerb 0 15p
G powerb
)";

constexpr std::array kKnobs{
    AmplifierKnob{"volume", "Volume", "volume", Taper::audio, 0.5f},
    AmplifierKnob{"treble", "Treble", "treble", Taper::linear, 0.5f},
    AmplifierKnob{"middle", "Middle", "middle", Taper::linear, 0.5f},
    AmplifierKnob{"bass", "Bass", "bass", Taper::audio, 0.5f},
    AmplifierKnob{"presence", "Presence", "presence", Taper::linear, 0.5f},
};

}  // namespace

const AmplifierDesign kTweed{.id = "tweed",
                             .name = "Tweed",
                             .preamp = kPreamp,
                             .inverter = kInverter,
                             .knobs = kKnobs,
                             .power = {.tube = {8.7, 1.35, 1460.0, 48.0, 12.0},
                                       .tubes = 2,
                                       .gridVolts = -44.6,
                                       .cathodeOhms = 0.0,
                                       .cathodeFarads = 0.0,
                                       .plateVolts = 430.0,
                                       .screenVolts = 425.0,
                                       .supplyOhms = 170.0,
                                       .supplyFarads = 40e-6,
                                       .screenOhms = 100.0,
                                       .screenFarads = 20e-6,
                                       .otherAmperes = 0.019,
                                       .turns = 44.7,
                                       .primaryHenries = 18.0,
                                       .leakageHenries = 14e-3,
                                       .primaryOhms = 150.0,
                                       .secondaryOhms = 0.15,
                                       .coilOhms = 1.55,
                                       .coilHenries = 0.10e-3,
                                       .coilLossOhms = 8.0,
                                       .resonanceHz = 95.0,
                                       .resonanceQ = 5.0,
                                       .resonanceOhms = 9.0,
                                       .feedbackShare = 1.0},
                             .ratedWatts = 40.0,
                             .fullScaleVolts = 42.0};

}  // namespace gainstage::analog
