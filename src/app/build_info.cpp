#include "app/build_info.hpp"

namespace querent::app {

std::string_view version() {
  return QUERENT_VERSION;
}
std::string_view commit() {
  return QUERENT_COMMIT;
}
std::string_view homepage() {
  return QUERENT_HOMEPAGE;
}
std::string_view compiler() {
  return QUERENT_COMPILER;
}
std::string_view libraries() {
  return QUERENT_LIBRARIES;
}

}  // namespace querent::app
