#include "devices/jack/jack_ports.h"

#include <algorithm>
#include <jack/metadata.h>
#include <jack/uuid.h>

namespace gainstage::devices::jack {
namespace {

constexpr FrameCount kMostFrames = 8192;  // of both servers

}  // namespace

Result<void> JackPorts::add(const PortPlan& plan) {
  struct Sort {
    PortGroup& group;
    const char* prefix;
    int count;
    unsigned long flags;
    const std::vector<std::string>& names;
  };
  const Sort sorts[] = {
      {inputs_, "input_", plan.inputs, JackPortIsInput, plan.inputNames},
      {outputs_, "output_", plan.outputs, JackPortIsOutput, plan.outputNames},
      {sends_, "send_", static_cast<int>(plan.sendNames.size()), JackPortIsOutput, plan.sendNames},
      {returns_, "return_", static_cast<int>(plan.returnNames.size()), JackPortIsInput, plan.returnNames}};
  for (const Sort& sort : sorts)
    if (auto added = addGroup(sort.group, sort.prefix, sort.count, sort.flags, sort.names); !added)
      return added;
  spare_ = AudioBuffer(2, kMostFrames);
  copies_ = AudioBuffer(plan.inputs + static_cast<int>(plan.returnNames.size()), kMostFrames);
  return {};
}

Result<void> JackPorts::addGroup(PortGroup& group, const char* prefix, int count, unsigned long flags,
                                 std::vector<std::string> names) {
  for (int i = 0; i < count; ++i) {
    const std::string name = prefix + std::to_string(i + 1);
    jack_port_t* port = jack_port_register(client_, name.c_str(), JACK_DEFAULT_AUDIO_TYPE, flags, 0);
    if (port == nullptr)
      return Error{ErrorKind::device, "The JACK server refuses the port " + name +
                                          ": ask for fewer channels, or start it with room for more ports."};
    group.ports.push_back(port);
  }
  group.buffers.resize(group.ports.size());
  group.toldNames.resize(group.ports.size());
  group.names = std::move(names);
  group.names.resize(group.ports.size());
  return {};
}

bool JackPorts::tellNames(const char* type, bool again) {
  // PipeWire gives a port its identity a little after it is registered; until then it has that of no port.
  const jack_uuid_t nobody = jack_port_uuid_generate(0);
  bool isDone = true;
  for (PortGroup* group : {&inputs_, &outputs_, &sends_, &returns_})
    for (std::size_t i = 0; i < group->ports.size(); ++i) {
      const jack_uuid_t port = jack_port_uuid(group->ports[i]);
      if (group->names[i].empty() || (group->toldNames[i] == port && !again)) continue;
      if (port != nobody &&
          jack_set_property(client_, port, JACK_METADATA_PRETTY_NAME, group->names[i].c_str(), type) == 0)
        group->toldNames[i] = port;
      else
        isDone = false;
    }
  return isDone;
}

void JackPorts::remove() {
  for (PortGroup* group : {&inputs_, &outputs_, &sends_, &returns_}) {
    for (const jack_uuid_t port : group->toldNames)
      if (port != 0) jack_remove_property(client_, port, JACK_METADATA_PRETTY_NAME);
    // Waits for the server, without which PipeWire's libjack may hang up before the names are sent.
    for (jack_port_t* port : group->ports) jack_port_unregister(client_, port);
    *group = {};
  }
}

void JackPorts::fetch(jack_nframes_t frames) noexcept {
  fetchWritten(outputs_, frames);
  fetchWritten(sends_, frames);
  fetchRead(inputs_, frames, 0);
  fetchRead(returns_, frames, static_cast<int>(inputs_.ports.size()));
}

void JackPorts::fetchWritten(PortGroup& group, jack_nframes_t frames) noexcept {
  for (std::size_t i = 0; i < group.ports.size(); ++i) {
    void* buffer = jack_port_get_buffer(group.ports[i], frames);
    group.buffers[i] = buffer != nullptr ? static_cast<float*>(buffer) : spare_.channel(1).data();
  }
}

void JackPorts::fetchRead(PortGroup& group, jack_nframes_t frames, int firstCopy) noexcept {
  for (std::size_t i = 0; i < group.ports.size(); ++i) {
    auto* buffer = static_cast<float*>(jack_port_get_buffer(group.ports[i], frames));
    if (buffer == nullptr) buffer = spare_.channel(0).data();
    // An own output plugged into an own input is the same memory in jackd: writing the one would change the
    // other while it is being read.
    if (isWritten(buffer)) {
      float* copy = copies_.channel(firstCopy + static_cast<int>(i)).data();
      std::copy_n(buffer, frames, copy);
      buffer = copy;
    }
    group.buffers[i] = buffer;
  }
}

bool JackPorts::isWritten(const float* buffer) const noexcept {
  const auto in = [buffer](const PortGroup& group) {
    return std::ranges::find(group.buffers, buffer) != group.buffers.end();
  };
  return in(outputs_) || in(sends_);
}

}  // namespace gainstage::devices::jack
