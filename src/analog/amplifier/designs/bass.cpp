#include <array>

#include "analog/amplifier/design.h"

namespace gainstage::analog {
namespace {

// Parts as published: In the manner of Ampeg's B-15, with a larger power section. Every triode a 12AX7.

constexpr std::string_view kPreamp = R"(
R guitar jack 10k
R jack 0 1meg
R jack grid1 34k
T plate1 grid1 cathode1
R cathode1 0 1.5k
C cathode1 0 25u
V supply1 300
R supply1 plate1 100k
C plate1 driven 100n
R driven basstop 220k
P bass basstop basswiper bassend 1meg
C basstop basswiper 470p
C basswiper bassend 4.7n
R bassend 0 22k
R basswiper toned 220k
C driven trebletop 220p
P treble trebletop toned trebleend 1meg
C trebleend 0 2.2n
P volume toned grid2 0 1meg
T plate2 grid2 cathode2
R cathode2 0 1.5k
C cathode2 0 25u
V supply2 300
R supply2 plate2 100k
C plate2 mixing 100n
R mixing mixed 220k
R mixed 0 220k
C mixed out 22n
)";

constexpr std::string_view kInverter = R"(
T platea out shared
T plateb grid2i shared
R shared tail 470
R out tail 1meg
R grid2i tail 1meg
R tail foot 22k
R foot 0 4.7k
C grid2i foot 100n
R fed foot 47k
V supplyi 400
R supplyi platea 82k
R supplyi plateb 100k
V bias -55.6
C platea leaka 100n
R leaka bias 100k
R leaka powera 1.5k
C powera 0 64p
G powera
C plateb leakb 100n
R leakb bias 100k
R leakb powerb 1.5k
C powerb 0 64p
G powerb
)";

constexpr std::array kKnobs{
    AmplifierKnob{"volume", "Volume", "volume", Taper::audio, 0.5f},
    AmplifierKnob{"treble", "Treble", "treble", Taper::linear, 0.5f},
    AmplifierKnob{"bass", "Bass", "bass", Taper::linear, 0.5f},
};

}  // namespace

const AmplifierDesign kBassAmplifier{.id = "bass",
                                     .name = "Bass amplifier",
                                     .preamp = kPreamp,
                                     .inverter = kInverter,
                                     .knobs = kKnobs,
                                     .power = {.tube = {7.9, 1.35, 890.0, 60.0, 24.0},
                                               .tubes = 4,
                                               .gridVolts = -55.6,
                                               .cathodeOhms = 0.0,
                                               .cathodeFarads = 0.0,
                                               .plateVolts = 480.0,
                                               .screenVolts = 460.0,
                                               .supplyOhms = 60.0,
                                               .supplyFarads = 60e-6,
                                               .screenOhms = 200.0,
                                               .screenFarads = 40e-6,
                                               .otherAmperes = 0.02,
                                               .turns = 23.5,
                                               .primaryHenries = 25.0,
                                               .leakageHenries = 8e-3,
                                               .primaryOhms = 60.0,
                                               .secondaryOhms = 0.2,
                                               .coilOhms = 3.2,
                                               .coilHenries = 0.3e-3,
                                               .coilLossOhms = 20.0,
                                               .resonanceHz = 70.0,
                                               .resonanceQ = 4.0,
                                               .resonanceOhms = 14.0,
                                               .feedbackShare = 1.0},
                                     .ratedWatts = 130.0,
                                     .fullScaleVolts = 125.0};

}  // namespace gainstage::analog
