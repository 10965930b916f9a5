#include <array>

#include "analog/amplifier/design.h"

namespace gainstage::analog {
namespace {

// Parts as published: Marshall 1959, lead channel. Every triode a 12AX7.

constexpr std::string_view kPreamp = R"(
R guitar jack 10k
R jack 0 1meg
R jack grid1 34k
T plate1 grid1 cathode1
R cathode1 0 2.7k
C cathode1 0 0.68u
V supply1 300
R supply1 plate1 100k
C plate1 volumetop 22n
P volume volumetop volumewiper 0 1meg
C volumetop volumewiper 1n
R volumewiper grid2 470k
C volumewiper grid2 470p
R grid2 0 470k
T plate2 grid2 cathode2
R cathode2 0 820
C cathode2 0 0.68u
V supply2 310
R supply2 plate2 100k
T supply2 plate2 cathode3
R cathode3 0 100k
C cathode3 trebletop 470p
P treble trebletop toned trebleend 220k
R cathode3 slope 33k
C slope trebleend 22n
B bass trebleend middletop 1meg
C slope middlewiper 22n
P middle middletop middlewiper 0 25k
C toned out 22n
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
R fed foot 47k
V supplyi 370
R supplyi platea 82k
R supplyi plateb 100k
C platea plateb 47p
V bias -41.3
C platea leaka 22n
R leaka bias 220k
R leaka powera 5.6k
C powera 0 35p
G powera
C plateb leakb 22n
R leakb bias 220k
R leakb powerb 5.6k
C powerb 0 35p
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

const AmplifierDesign kBritishCrunch{.id = "british-crunch",
                                     .name = "British crunch",
                                     .preamp = kPreamp,
                                     .inverter = kInverter,
                                     .knobs = kKnobs,
                                     .power = {.tube = {11.0, 1.35, 650.0, 60.0, 24.0},
                                               .tubes = 2,
                                               .gridVolts = -41.3,
                                               .cathodeOhms = 0.0,
                                               .cathodeFarads = 0.0,
                                               .plateVolts = 450.0,
                                               .screenVolts = 445.0,
                                               .supplyOhms = 80.0,
                                               .supplyFarads = 50e-6,
                                               .screenOhms = 100.0,
                                               .screenFarads = 50e-6,
                                               .otherAmperes = 0.019,
                                               .turns = 14.6,
                                               .primaryHenries = 16.0,
                                               .leakageHenries = 12e-3,
                                               .primaryOhms = 110.0,
                                               .secondaryOhms = 0.6,
                                               .coilOhms = 12.8,
                                               .coilHenries = 0.9e-3,
                                               .coilLossOhms = 70.0,
                                               .resonanceHz = 115.0,
                                               .resonanceQ = 5.0,
                                               .resonanceOhms = 75.0,
                                               .feedbackShare = 0.707},
                                     .ratedWatts = 50.0,
                                     .fullScaleVolts = 170.0};

}  // namespace gainstage::analog
