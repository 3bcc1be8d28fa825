#include <charconv>
#include <cstdio>
#include <dirent.h>
#include <memory>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "observe/metrics.hpp"

namespace querent::observe {

namespace {

// What stands behind `name` in a file of lines "NAME: VALUE ...".
std::uint64_t number_behind(std::string_view name, std::string_view text) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return 0;
  const auto digits = text.find_first_of("0123456789", at + name.size());
  if (digits == std::string_view::npos) return 0;
  std::uint64_t number = 0;
  std::from_chars(text.data() + digits, text.data() + text.size(), number);
  return number;
}

std::string read(const char* path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path, "re"), std::fclose);
  std::string text(8192, '\0');
  text.resize(file ? std::fread(text.data(), 1, text.size(), file.get()) : 0);
  return text;
}

std::uint64_t count_entries(const char* path) {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path), ::closedir);
  std::uint64_t count = 0;
  while (directory && ::readdir(directory.get()) != nullptr)
    ++count;
  constexpr std::uint64_t kNotOurs = 3;  // ".", ".." and the directory itself
  return count > kNotOurs ? count - kNotOurs : 0;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

ProcessFacts process_facts() {
  constexpr std::uint64_t kKilo = 1024;
  ProcessFacts facts;
  rusage usage{};
  if (::getrusage(RUSAGE_SELF, &usage) == 0)
    facts.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  const std::string status = read("/proc/self/status");
  facts.resident = kKilo * number_behind("VmRSS:", status);
  facts.virtual_memory = kKilo * number_behind("VmSize:", status);
  facts.threads = number_behind("Threads:", status);
  facts.open_fds = count_entries("/proc/self/fd");
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) facts.max_fds = limit.rlim_cur;
  return facts;
}

}  // namespace querent::observe
