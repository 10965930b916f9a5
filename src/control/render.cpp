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
#include "rig/cabinets/impulse_response.h"
#include "rig/rig_json.h"

namespace gainstage::control {
namespace {

namespace fs = std::filesystem;

/// What all inputs are rendered through.
struct Recipe {
  std::optional<console::Session> session;
  std::vector<std::string> outputs;  // of the session
  std::shared_ptr<const neural::Capture> capture;
  std::shared_ptr<const neural::Program> program;  // the capture's at the wanted size
  rig::RigState rig;
  fs::path folder;
  double beatsPerMinute = rig::kUsualTempo;
};

/// What there is to tell of all files.
struct Tales {
  std::vector<std::string> faults, notes;
};

struct Job {
  fs::path input;
  std::vector<fs::path> outputs;
  double seconds = 0.0;  // long
};

Error usage(std::string message) { return {ErrorKind::usage, std::move(message)}; }

/// Circuits at their best: there is time.
void makeOffline(rig::RigState& rig) {
  for (rig::BlockState& block : rig.blocks)
    if (const auto quality = indexOf(block.declaration->parameters, "quality"))
      block.values[*quality] = block.declaration->parameters[*quality].maximum;
}

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

Result<void> addCapture(Recipe& recipe, const fs::path& file, double size) {
  auto capture = neural::loadCapture(file);
  if (!capture) return capture.error();
  recipe.capture = std::move(*capture);
  recipe.program = recipe.capture->sizes()[recipe.capture->indexOfSize(size)].program;
  return {};
}

Result<Recipe> readRecipe(const RenderOptions& options, bool intoFolder) {
  Recipe recipe;
  recipe.folder = fs::current_path();
  recipe.beatsPerMinute = options.beatsPerMinute.value_or(rig::kUsualTempo);
  if (options.size && !options.capture)
    return usage("--size chooses among a capture's sizes; give --capture as well.");
  if (options.session) {
    if (options.rig || options.cab || options.capture)
      return usage("--session has its own rigs; leave --rig, --capture and --cab out.");
    if (options.beatsPerMinute) return usage("--session has its own tempo; leave --tempo out.");
    if (options.liveQuality) return usage("A session's rigs play as they say; leave --quality out.");
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
  if (options.rig && options.capture)
    return usage("--rig and --capture exclude each other; put a capture block into the rig.");
  if (options.capture)
    if (auto added = addCapture(recipe, *options.capture, options.size.value_or(1.0)); !added)
      return added.error();
  if (options.rig) {
    auto document = rig::loadRig(*options.rig);
    if (!document) return document.error();
    recipe.rig = std::move(document->rig);
    if (!options.liveQuality.value_or(false)) makeOffline(recipe.rig);
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
    const bool anyCount = recipe.session || (recipe.capture && recipe.rig.blocks.empty());
    if (!anyCount && reader->channels() > 2)
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

/// What a file of so many channels is rendered through at that rate.
Result<std::unique_ptr<RenderClient>> makeClient(const Recipe& recipe, double rate) {
  if (recipe.session)
    return std::unique_ptr<RenderClient>(
        std::make_unique<ConsoleClient>(*recipe.session, recipe.outputs, recipe.folder));
  if (!recipe.capture)
    return std::unique_ptr<RenderClient>(
        std::make_unique<RigClient>(recipe.rig, recipe.folder, recipe.beatsPerMinute));
  auto factory = neural::PlayerFactory::create(recipe.capture->sampleRate(), rate);
  if (!factory) return factory.error();
  return std::unique_ptr<RenderClient>(std::make_unique<CaptureClient>(
      recipe.program, std::move(*factory), recipe.rig, recipe.folder, recipe.beatsPerMinute));
}

/// What comes late is cut off at the start, so the input has to run on for as long at the end.
double latencyMs(const Recipe& recipe, const RenderClient& client, const devices::FileDevice& probe,
                 double rate, FrameCount blockFrames) {
  if (recipe.session) return 0.0;
  FrameCount frames = 0;
  if (recipe.capture)
    frames = client.latencyFrames();
  else
    frames = rig::Rig::build(recipe.rig, {rate, blockFrames}, probe.description().inputs, recipe.folder)
                 ->latencyFrames();
  return 1e3 * frames / rate;
}

Result<RenderedFile> renderOne(const Job& job, const Recipe& recipe, const RenderOptions& options,
                               Tales& tales, const std::function<void(double seconds)>& done) {
  auto probe = devices::FileDevice::make(job.input);
  if (!probe) return probe.error();
  const double rate = options.sampleRate > 0.0 ? options.sampleRate : (*probe)->fileRate();
  auto made = makeClient(recipe, rate);
  if (!made) return made.error();
  RenderClient* const client = made->get();
  ResultFiles files(*client, job.outputs, options.sampleFormat);
  const devices::DeviceRequest request{.sampleRate = rate,
                                       .blockFrames = options.blockFrames,
                                       .outputs = client->deviceOutputs((*probe)->description().inputs),
                                       .freeRunning = true};
  const double extraMs = latencyMs(recipe, *client, **probe, rate, options.blockFrames);
  auto device = devices::FileDevice::make(job.input, {.tail = Milliseconds{options.tail.value + extraMs},
                                                      .sink = std::make_shared<Counted>(files, done)});
  if (!device) return device.error();

  const auto begin = std::chrono::steady_clock::now();
  if (auto opened = (*device)->open(request, *client); !opened) return opened.error();
  if (auto started = (*device)->start(); !started) return started.error();
  while (!(*device)->waitUntilEnded(Milliseconds{1000.0})) {
  }
  (*device)->stop();
  if (auto read = (*device)->problem(); !read) return read.error();
  if (auto closed = files.close(); !closed) return closed.error();
  tales = {client->takeFaults(), client->takeNotes()};
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return RenderedFile{
      .input = job.input,
      .output = job.outputs.front(),
      .frames = files.frames(),
      .timesRealtime = static_cast<double>(files.frames()) / rate / std::max(took.count(), 1e-9)};
}

void addNew(const std::vector<std::string>& sentences, std::vector<std::string>& all) {
  for (const std::string& sentence : sentences)
    if (std::ranges::find(all, sentence) == all.end()) all.push_back(sentence);
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
      Tales tales;
      done[index] = renderOne((*jobs)[index], *recipe, options, tales, [&](double seconds) {
        if (!progress) return;
        const std::lock_guard lock(mutex);
        progress(std::min((secondsDone += seconds) / secondsInAll, 1.0));
      });
      const std::lock_guard lock(mutex);
      addNew(tales.faults, result.faults);
      addNew(tales.notes, result.notes);
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
