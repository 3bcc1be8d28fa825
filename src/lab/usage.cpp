#include <cerrno>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <unistd.h>

#include "lab/file.hpp"
#include "lab/process.hpp"

namespace querent::lab {
namespace {

using os::sys_failure;
using os::SysResult;

// The number behind `key` and blanks; 0 when it is not there.
std::uint64_t number_behind(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  if (at == std::string_view::npos) return 0;
  text.remove_prefix(at + key.size());
  text.remove_prefix(std::min(text.find_first_of("0123456789"), text.size()));
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

SysResult<std::vector<std::string>> names_in(const std::string& directory) {
  std::error_code error;
  std::vector<std::string> names;
  for (auto at = std::filesystem::directory_iterator(directory, error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    names.push_back(at->path().filename().string());
  }
  if (error) return sys_failure("list " + directory, error.value());
  return names;
}

SysResult<Duration> cpu_of(pid_t pid) {
  clockid_t clock{};
  timespec used{};
  const int refused = clock_getcpuclockid(pid, &clock);
  if (refused != 0) return sys_failure("see the time of a process", refused);
  if (clock_gettime(clock, &used) != 0) return sys_failure("see the time of a process");
  return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

SysResult<Usage> usage_of(pid_t pid) {
  const std::string home = "/proc/" + std::to_string(pid);
  Usage usage;
  const auto cpu = cpu_of(pid);
  if (!cpu) return failure(cpu.error());
  usage.cpu = *cpu;

  // VmRSS of /status lags behind by up to some hundred KiB.
  const auto memory = read_file(home + "/smaps_rollup");
  if (!memory) return failure(memory.error());
  usage.resident = number_behind(*memory, "\nRss:") * 1024;

  const auto threads = names_in(home + "/task");
  if (!threads) return failure(threads.error());
  for (const std::string& thread : *threads) {
    // One that has just ended is not counted.
    std::string status = home;
    status.append("/task/").append(thread).append("/status");
    const auto text = read_file(status);
    if (text) usage.voluntary_switches += number_behind(*text, "\nvoluntary_ctxt_switches:");
  }

  const auto descriptors = names_in(home + "/fd");
  if (!descriptors) return failure(descriptors.error());
  usage.descriptors = static_cast<unsigned>(descriptors->size());
  return usage;
}

}  // namespace querent::lab
