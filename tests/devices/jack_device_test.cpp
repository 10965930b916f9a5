#include "devices/jack/jack_device.h"

#include <gtest/gtest.h>

#include "devices/jack/process_gate.h"

namespace gainstage::devices {
namespace {

constexpr const char* kNoServer = "gainstage-test-no-such-server";

class Nobody final : public DeviceClient {
 public:
  void formatChanged(const DeviceFormat&) override { ADD_FAILURE() << "no format without a server"; }
  void process(const DeviceBlock&) noexcept override {}
  void deviceEvent(DeviceEvent, std::int64_t) override { ADD_FAILURE() << "no event without a server"; }
};

TEST(JackDevice, SaysQuietlyThatNoServerAnswers) {
  ::testing::internal::CaptureStderr();
  EXPECT_FALSE(jackServerAnswers(kNoServer));
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(JackDevice, NamesTheServerThatItCannotJoin) {
  Nobody client;
  const auto device = makeJackDevice(kNoServer);
  EXPECT_EQ(device->description().id, std::string("jack:") + kNoServer);
  const auto format = device->open({}, client);
  ASSERT_FALSE(format);
  EXPECT_EQ(format.error().kind, ErrorKind::device);
  EXPECT_NE(format.error().message.find(kNoServer), std::string::npos) << format.error().message;
  EXPECT_FALSE(device->start());
  device->stop();
}

TEST(JackProcessGate, LetsNobodyInWhileItIsShut) {
  jack::ProcessGate gate;
  EXPECT_FALSE(gate.tryEnter());
  gate.open();
  EXPECT_TRUE(gate.tryEnter());
  gate.leave();
  gate.shutAndWait();
  EXPECT_FALSE(gate.tryEnter());
}

TEST(JackProcessGate, WaitsForWhoeverIsInside) {
  jack::ProcessGate gate;
  int inside = 0;  // plain on purpose: two threads on it at once would be seen by the thread sanitizer
  std::atomic<bool> quit{false};
  std::thread audio([&] {
    while (!quit) {
      if (!gate.tryEnter()) continue;
      ++inside;
      gate.leave();
    }
  });
  int lastSeen = -1;
  for (int round = 0; round < 200; ++round) {
    gate.open();
    std::this_thread::yield();
    gate.shutAndWait();
    const int seen = inside;
    EXPECT_GE(seen, lastSeen);
    lastSeen = seen;
    std::this_thread::yield();
    EXPECT_EQ(inside, seen) << "somebody entered a shut gate";
  }
  quit = true;
  audio.join();
}

}  // namespace
}  // namespace gainstage::devices
