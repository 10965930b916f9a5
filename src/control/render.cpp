#include "control/render.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fmt/format.h>
#include <mutex>
#include <set>
#include <thread>

#include "console/session_json.h"
#include "control/render_client.h"
#include "devices/file/file_device.h"
#include "formats/audio_file.h"
#include "rig/impulse_response.h"
#include "rig/rig_json.h"

namespace gainstage::control {
namespace {

namespace fs = std::filesystem;

/// What all inputs are rendered through.
struct Recipe {
  std::optional<console::Session> session;
  std::vector<std::string> outputs;  // of the session
  rig::RigState rig;
  fs::path folder;
};

struct Job {
  fs::path input;
  std::vector<fs::path> outputs;
  double seconds = 0.0;  // long
};

Error usage(std::string message) { return {ErrorKind::usage, std::move(message)}; }

Result<void> addCab(rig::RigState& rig, const fs::path& file) {
  // In a rig a bad file mutes its block; who names one on the command line has nothing else to render
  // through.
  if (const auto readable = rig::readImpulseResponse(file); !readable) return readable.error();
  const rig::BlockDeclaration* declaration = rig::findBlockDeclaration("convolution");
  rig::BlockState cab = rig::makeBlockState(*declaration, "cab");
  cab.files[*indexOf(declaration->parameters, "file")] = fs::absolute(file).string();
  rig.blocks.push_back(std::move(cab));
  return {};
}

Result<Recipe> readRecipe(const RenderOptions& options, bool intoFolder) {
  Recipe recipe;
  recipe.folder = fs::current_path();
  if (options.session) {
    if (options.rig || options.cab) return usage("--session has its own rigs; leave --rig and --cab out.");
    auto session = console::loadSession(*options.session);
    if (!session) return session.error();
    if (session->outputs.empty())
      return Error{ErrorKind::file, fmt::format("{} has no outputs to render.", options.session->string())};
    recipe.folder = fs::absolute(*options.session).parent_path();
    for (const console::OutputState& output : session->outputs)
      if (options.outputId.empty() ? intoFolder || recipe.outputs.empty() : output.id == options.outputId)
        recipe.outputs.push_back(output.id);
    if (recipe.outputs.empty())
      return usage(fmt::format("The session has no output \"{}\".", options.outputId));
    recipe.session = std::move(*session);
    return recipe;
  }
  if (!options.outputId.empty())
    return usage("--output chooses among a session's outputs; give --session as well.");
  if (options.rig) {
    auto document = rig::loadRig(*options.rig);
    if (!document) return document.error();
    recipe.rig = std::move(document->rig);
    recipe.folder = fs::absolute(*options.rig).parent_path();
  }
  if (options.cab)
    if (auto added = addCab(recipe.rig, *options.cab); !added) return added.error();
  return recipe;
}

Result<std::vector<Job>> planJobs(const RenderOptions& options, const Recipe& recipe, bool intoFolder) {
  std::vector<Job> jobs;
  std::set<fs::path> taken;
  for (const fs::path& input : options.inputs) {
    // Every input is looked at before the first is rendered: bad ones leave nothing behind.
    const auto reader = formats::AudioFileReader::open(input, {.nonFinite = formats::NonFinite::silence});
    if (!reader) return reader.error();
    Job job{
        .input = input,
        .seconds = static_cast<double>(std::max<std::int64_t>(reader->frames(), 0)) / reader->sampleRate()};
    if (!recipe.session && reader->channels() > 2)
      return Error{ErrorKind::file, fmt::format("{} has {} channels, and a rig takes one or two.",
                                                input.string(), reader->channels())};
    if (!intoFolder)
      job.outputs = {options.output};
    else if (recipe.outputs.size() <= 1)
      job.outputs = {options.output / (input.stem().string() + ".wav")};
    else
      for (const std::string& id : recipe.outputs)
        job.outputs.push_back(options.output / fmt::format("{}.{}.wav", input.stem().string(), id));
    for (const fs::path& output : job.outputs) {
      std::error_code ignored;
      if (fs::equivalent(input, output, ignored))
        return usage(fmt::format("{} would be written over itself; choose another output.", input.string()));
      if (!taken.insert(output).second)
        return usage(fmt::format("Two inputs would both become {}; render them apart.", output.string()));
    }
    jobs.push_back(std::move(job));
  }
  return jobs;
}

/// Writes the results, and tells how far it is.
class Counted final : public devices::OutputSink {
 public:
  Counted(ResultFiles& files, std::function<void(double seconds)> done)
      : files_(files), done_(std::move(done)) {}
  void formatChanged(const devices::DeviceFormat& format) override {
    sampleRate_ = format.sampleRate;
    files_.formatChanged(format);
  }
  bool write(ConstAudioView outputs, FrameTime frame) noexcept override {
    toTell_ += outputs.frames() / sampleRate_;
    if (toTell_ >= 1.0) done_(std::exchange(toTell_, 0.0));
    return files_.write(outputs, frame);
  }

 private:
  ResultFiles& files_;
  std::function<void(double seconds)> done_;
  double sampleRate_ = 1.0;
  double toTell_ = 0.0;
};

Result<RenderedFile> renderOne(const Job& job, const Recipe& recipe, const RenderOptions& options,
                               std::vector<std::string>& faults,
                               const std::function<void(double seconds)>& done) {
  std::unique_ptr<RenderClient> client;
  int deviceOutputs = 2;
  if (recipe.session) {
    auto console = std::make_unique<ConsoleClient>(*recipe.session, recipe.outputs, recipe.folder);
    deviceOutputs = console->deviceOutputs();
    client = std::move(console);
  } else {
    client = std::make_unique<RigClient>(recipe.rig, recipe.folder);
  }
  ResultFiles files(*client, job.outputs, options.sampleFormat);

  auto probe = devices::FileDevice::make(job.input);
  if (!probe) return probe.error();
  const double rate = options.sampleRate > 0.0 ? options.sampleRate : (*probe)->fileRate();
  const devices::DeviceRequest request{
      .sampleRate = rate, .blockFrames = options.blockFrames, .outputs = deviceOutputs, .freeRunning = true};
  // What a rig delays is cut off at the start, so it has to run on for as long at the end.
  double latencyMs = 0.0;
  if (!recipe.session) {
    const auto rig = rig::Rig::build(recipe.rig, {rate, options.blockFrames}, (*probe)->description().inputs,
                                     recipe.folder);
    latencyMs = 1e3 * rig->latencyFrames() / rate;
  }
  auto device = devices::FileDevice::make(job.input, {.tail = Milliseconds{options.tail.value + latencyMs},
                                                      .sink = std::make_shared<Counted>(files, done)});
  if (!device) return device.error();

  const auto begin = std::chrono::steady_clock::now();
  if (auto opened = (*device)->open(request, *client); !opened) return opened.error();
  for (std::string& fault : client->takeFaults()) faults.push_back(std::move(fault));
  if (auto started = (*device)->start(); !started) return started.error();
  while (!(*device)->waitUntilEnded(Milliseconds{1000.0})) {
  }
  (*device)->stop();
  if (auto read = (*device)->problem(); !read) return read.error();
  if (auto closed = files.close(); !closed) return closed.error();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return RenderedFile{
      .input = job.input,
      .output = job.outputs.front(),
      .frames = files.frames(),
      .timesRealtime = static_cast<double>(files.frames()) / rate / std::max(took.count(), 1e-9)};
}

}  // namespace

Result<RenderResult> render(const RenderOptions& options, const RenderProgress& progress) {
  std::error_code ignored;
  const bool intoFolder = options.inputs.size() > 1 || fs::is_directory(options.output, ignored) ||
                          options.output.filename().empty();
  const auto recipe = readRecipe(options, intoFolder);
  if (!recipe) return recipe.error();
  const auto jobs = planJobs(options, *recipe, intoFolder);
  if (!jobs) return jobs.error();
  if (intoFolder) {
    std::error_code failed;
    fs::create_directories(options.output, failed);
    if (failed)
      return Error{ErrorKind::file,
                   fmt::format("{} cannot be made a folder: {}.", options.output.string(), failed.message())};
  }

  std::vector<Result<RenderedFile>> done(jobs->size(), Result<RenderedFile>(RenderedFile{}));
  RenderResult result;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  double secondsDone = 0.0, secondsInAll = 0.0;
  for (const Job& job : *jobs) secondsInAll += job.seconds + options.tail.seconds();
  std::atomic<bool> failed{false};
  const auto work = [&] {
    for (std::size_t index; !failed && (index = next++) < jobs->size();) {
      std::vector<std::string> faults;
      done[index] = renderOne((*jobs)[index], *recipe, options, faults, [&](double seconds) {
        if (!progress) return;
        const std::lock_guard lock(mutex);
        progress(std::min((secondsDone += seconds) / secondsInAll, 1.0));
      });
      const std::lock_guard lock(mutex);
      for (std::string& fault : faults)
        if (std::ranges::find(result.faults, fault) == result.faults.end())
          result.faults.push_back(std::move(fault));
      if (!done[index]) failed = true;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int t = 1; t < std::min<int>(options.jobs, static_cast<int>(jobs->size())); ++t)
      threads.emplace_back(work);
    work();
  }
  for (Result<RenderedFile>& file : done) {
    if (!file) return file.error();
    result.files.push_back(std::move(*file));
  }
  return result;
}

}  // namespace gainstage::control
