#include "cli/choose_interface.hpp"

namespace querent::cli {
namespace {

constexpr std::size_t kNamed = 16;  // of a server's hundreds

}  // namespace

Result<net::Interface, std::string> choose_interface(const std::string& name_or_index) {
  const auto monitor = net::LinkMonitor::open();
  if (!monitor) return failure(monitor.error().to_string());
  std::string names;
  std::size_t named = 0;
  for (const auto& [index, interface] : monitor->interfaces()) {
    if (interface.name == name_or_index) return interface;
    if (++named <= kNamed) names += (names.empty() ? "" : ", ") + interface.name;
  }
  for (const auto& [index, interface] : monitor->interfaces()) {
    if (std::to_string(index) == name_or_index) return interface;
  }
  return failure("there is no such interface (there are: " + names +
                 (named > kNamed ? ", ..." : "") + ")");
}

}  // namespace querent::cli
