#include "app/bench_command.h"

#include <iostream>
#include <memory>
#include <unistd.h>

#include "bench/bench.h"

namespace gainstage::app {

void addBenchCommand(CLI::App& app, int& exitCode) {
  auto options = std::make_shared<bench::BenchOptions>();
  CLI::App* command = app.add_subcommand("bench", "How fast this build is on this machine");
  command->add_option("--filter", options->filter, "Only the cases whose name this regular expression finds")
      ->type_name("REGEX");
  command
      ->add_option("--simd", options->simd,
                   "Use nothing wider than this instruction set: AVX3, AVX2, SSE4 ...")
      ->type_name("NAME");
  command->add_flag("--json", options->json, "One JSON object instead of a table");
  command->footer("Example: gainstage bench --filter '^dsp/' --json > speed.json");
  command->callback([options, &exitCode] {
    bench::BenchProgress progress;
    if (isatty(STDERR_FILENO) != 0 && (options->json || isatty(STDOUT_FILENO) == 0))
      progress = [](std::string_view name, std::size_t done, std::size_t all) {
        std::cerr << "\r\033[K" << done + 1 << "/" << all << " " << name << (done + 1 == all ? "\n" : "")
                  << std::flush;
      };
    const auto result = bench::runBench(*options, std::cout, progress);
    if (result) return;
    std::cerr << "gainstage: " << result.error().message << '\n';
    exitCode = static_cast<int>(result.error().kind);
  });
}

}  // namespace gainstage::app
