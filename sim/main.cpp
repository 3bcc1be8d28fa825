#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>

#include "sim/batch.hpp"
#include "sim/demo.hpp"
#include "sim/simulation.hpp"

namespace {

using namespace querent;
using sim::Profile;

constexpr const char* kUsage =
    "querent-sim: a LAN in virtual time, to prove the protocol core\n"
    "\n"
    "  querent-sim --demo                 what a querier is for, in half a minute of reading\n"
    "  querent-sim --seed N               replays one seed with a readable trace\n"
    "  querent-sim --seeds FIRST COUNT    many seeds, violations only\n"
    "  --stop-early                       many seeds, up to the first one that fails\n"
    "\n"
    "  --profile storm|settled|stream     what happens to the LAN (default: storm)\n"
    "  --queriers N  --hosts N            how many of them in a storm (default: 10, 50)\n"
    "  --minutes N                        how long the storm lasts (default: 10)\n"
    "  --loss PERCENT                     frames that a storm loses (default: 20)\n"
    "  --family ipv4|ipv6                 IGMP or MLD (default: half of the seeds each)\n"
    "\n"
    "Exit: 0 all invariants held, 1 some did not, 2 wrong usage.\n";

struct Options {
  bool demo = false;
  std::optional<std::uint64_t> seed;
  bool many = false;
  sim::Batch batch;  // its profile and shape are also those of one seed
};

// Takes words off the front of the command line.
class Words {
 public:
  explicit Words(std::span<char*> words) : words_(words) {}

  bool empty() const { return words_.empty(); }
  std::string_view word() {
    if (empty()) return {};
    const std::string_view first = words_.front();
    words_ = words_.subspan(1);
    return first;
  }
  bool number(std::uint64_t& into, std::uint64_t least, std::uint64_t most) {
    const auto text = word();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc{} && end == text.data() + text.size() && into >= least &&
           into <= most;
  }

 private:
  std::span<char*> words_;
};

bool parse_profile(std::string_view text, Profile& profile) {
  for (const auto each : {Profile::kStorm, Profile::kSettled, Profile::kStream}) {
    if (text != sim::name(each)) continue;
    profile = each;
    return true;
  }
  return false;
}

bool parse_family(std::string_view text, std::optional<Family>& family) {
  for (const auto each : {Family::kIPv4, Family::kIPv6}) {
    if (text != name(each)) continue;
    family = each;
    return true;
  }
  return false;
}

bool parse_option(std::string_view option, Words& words, Options& options) {
  constexpr std::uint64_t kAnySeed = UINT64_MAX;
  std::uint64_t number = 0;
  if (option == "--demo") return options.demo = true;
  if (option == "--profile") return parse_profile(words.word(), options.batch.profile);
  if (option == "--family") return parse_family(words.word(), options.batch.shape.family);
  if (option == "--stop-early") return options.batch.stop_early = true;
  if (option == "--seed") {
    options.seed = 0;
    return words.number(*options.seed, 0, kAnySeed);
  }
  if (option == "--seeds") {
    options.many = true;
    return words.number(options.batch.first, 0, kAnySeed) &&
           words.number(options.batch.count, 1, 10'000'000);
  }
  if (option == "--queriers") {
    if (!words.number(number, 1, 200)) return false;
    options.batch.shape.queriers = number;
    return true;
  }
  if (option == "--hosts") {
    if (!words.number(number, 1, 5000)) return false;
    options.batch.shape.hosts = number;
    return true;
  }
  if (option == "--minutes") {
    if (!words.number(number, 1, 10'000)) return false;
    options.batch.shape.storm = std::chrono::minutes(number);
    return true;
  }
  if (option == "--loss") {
    if (!words.number(number, 0, 99)) return false;
    options.batch.shape.loss = static_cast<double>(number) / 100;
    return true;
  }
  return false;
}

bool print_violations(const sim::Violations& violations) {
  for (const auto& each : violations) {
    const Instant since = std::max(each.at, sim::kStart);
    const double at = std::chrono::duration<double>(since - sim::kStart).count();
    std::printf("  VIOLATION of %.*s at %.3f s: %s\n", static_cast<int>(each.checker.size()),
                each.checker.data(), at, each.what.c_str());
  }
  return violations.empty();
}

bool replay(const Options& options) {
  const auto outcome =
      sim::simulate(options.batch.profile, *options.seed, options.batch.shape,
                    [](const std::string& line) { std::printf("%s\n", line.c_str()); });
  std::printf("seed %llu: %llu events in %.1f simulated minutes, fingerprint %016llx\n",
              static_cast<unsigned long long>(*options.seed),
              static_cast<unsigned long long>(outcome.events),
              std::chrono::duration<double, std::ratio<60>>(outcome.simulated).count(),
              static_cast<unsigned long long>(outcome.fingerprint));
  return print_violations(outcome.violations);
}

bool run_batch(const Options& options) {
  const auto started = std::chrono::steady_clock::now();
  const auto result = sim::simulate_batch(options.batch);
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - started;
  const auto profile = sim::name(options.batch.profile);
  for (const auto& failure : result.failures) {
    const auto family = name(options.batch.shape.family.value_or(sim::family_of(failure.seed)));
    std::printf("seed %llu (replay: ./dev sim --profile %.*s --family %.*s --seed %llu)\n",
                static_cast<unsigned long long>(failure.seed), static_cast<int>(profile.size()),
                profile.data(), static_cast<int>(family.size()), family.data(),
                static_cast<unsigned long long>(failure.seed));
    print_violations(failure.violations);
  }
  const double hours = std::chrono::duration<double, std::ratio<3600>>(result.simulated).count();
  std::printf(
      "%llu seeds of profile %.*s: %zu with violations; %.1f simulated hours and %llu events in "
      "%.1f s: %.1f simulated hours a second\n",
      static_cast<unsigned long long>(result.seeds), static_cast<int>(profile.size()),
      profile.data(), result.failures.size(), hours, static_cast<unsigned long long>(result.events),
      wall.count(), hours / wall.count());
  return result.failures.empty();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  Words words(std::span(argv, static_cast<std::size_t>(argc)).subspan(1));
  while (!words.empty()) {
    const auto option = words.word();
    if (option == "--help" || option == "-h") {
      std::fputs(kUsage, stdout);
      return 0;
    }
    if (parse_option(option, words, options)) continue;
    std::fprintf(stderr, "querent-sim: %.*s: not an option, or not a value it takes; try --help\n",
                 static_cast<int>(option.size()), option.data());
    return 2;
  }
  if (options.demo) return sim::show_demo() ? 0 : 1;
  if (options.seed) return replay(options) ? 0 : 1;
  if (options.many) return run_batch(options) ? 0 : 1;
  std::fputs(kUsage, stderr);
  return 2;
}
