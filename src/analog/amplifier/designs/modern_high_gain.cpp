#include <array>

#include "analog/amplifier/design.h"

namespace gainstage::analog {
namespace {

// Parts as published: Soldano SLO-100, overdrive channel, without its effects loop. Every triode a 12AX7.

constexpr std::string_view kPreamp = R"(
R guitar jack 10k
R jack 0 1meg
R jack grid1 68k
T plate1 grid1 cathode1
R cathode1 0 1.8k
C cathode1 0 1u
V supply1 350
R supply1 plate1 220k
C plate1 gaintop 22n
P gain gaintop gainwiper 0 500k
C gaintop gainwiper 1n
R gainwiper grid2 470k
T plate2 grid2 cathode2
R cathode2 0 1.8k
C cathode2 0 1u
V supply2 350
R supply2 plate2 100k
C plate2 driven2 22n
R driven2 grid3 470k
R grid3 0 1meg
T plate3 grid3 cathode3
R cathode3 0 39k
V supply3 350
R supply3 plate3 100k
C supply3 plate3 1n
C plate3 driven3 22n
R driven3 0 287k
R driven3 grid4 220k
T plate4 grid4 cathode4
R cathode4 0 1.8k
C cathode4 0 1u
V supply4 380
R supply4 plate4 220k
T supply4 plate4 cathode5
R cathode5 0 100k
C cathode5 trebletop 470p
P treble trebletop toned trebleend 250k
R cathode5 slope 47k
C slope trebleend 22n
B bass trebleend middletop 1meg
C slope middlewiper 22n
P middle middletop middlewiper 0 25k
C toned mastertop 22n
P master mastertop masterwiper 0 1meg
C masterwiper out 22n
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
R fed resonant 47k
C resonant foot 4.7n
B resonance resonant foot 1meg
V supplyi 400
R supplyi platea 82k
R supplyi plateb 100k
C platea plateb 47p
V bias -51.8
C platea leaka 100n
R leaka bias 220k
R leaka powera 2.2k
C powera 0 50p
G powera
C plateb leakb 100n
R leakb bias 220k
R leakb powerb 2.2k
C powerb 0 50p
G powerb
)";

constexpr std::array kKnobs{
    AmplifierKnob{"gain", "Gain", "gain", Taper::audio, 0.7f},
    AmplifierKnob{"treble", "Treble", "treble", Taper::linear, 0.5f},
    AmplifierKnob{"middle", "Middle", "middle", Taper::linear, 0.5f},
    AmplifierKnob{"bass", "Bass", "bass", Taper::audio, 0.5f},
    AmplifierKnob{"master", "Master", "master", Taper::audio, 0.4f},
    AmplifierKnob{"presence", "Presence", "presence", Taper::linear, 0.5f},
    AmplifierKnob{"resonance", "Resonance", "resonance", Taper::audio, 0.4f},
};

}  // namespace

const AmplifierDesign kModernHighGain{.id = "modern-high-gain",
                                      .name = "Modern high gain",
                                      .preamp = kPreamp,
                                      .inverter = kInverter,
                                      .knobs = kKnobs,
                                      .power = {.tube = {8.7, 1.35, 1460.0, 48.0, 12.0},
                                                .tubes = 4,
                                                .gridVolts = -51.8,
                                                .cathodeOhms = 0.0,
                                                .cathodeFarads = 0.0,
                                                .plateVolts = 475.0,
                                                .screenVolts = 470.0,
                                                .supplyOhms = 50.0,
                                                .supplyFarads = 110e-6,
                                                .screenOhms = 100.0,
                                                .screenFarads = 50e-6,
                                                .otherAmperes = 0.02,
                                                .turns = 10.9,
                                                .primaryHenries = 12.0,
                                                .leakageHenries = 8e-3,
                                                .primaryOhms = 60.0,
                                                .secondaryOhms = 0.6,
                                                .coilOhms = 13.0,
                                                .coilHenries = 1.2e-3,
                                                .coilLossOhms = 80.0,
                                                .resonanceHz = 110.0,
                                                .resonanceQ = 5.0,
                                                .resonanceOhms = 70.0,
                                                .feedbackShare = 0.5},
                                      .ratedWatts = 100.0,
                                      .fullScaleVolts = 200.0};

}  // namespace gainstage::analog
