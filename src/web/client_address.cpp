#include "web/client_address.hpp"

#include <optional>

#include "querent/address.hpp"

namespace querent::web {

std::string client_of(std::string_view peer) {
  constexpr unsigned kOneHost = 64;
  const auto address = Address::parse(peer);
  if (!address || address->is_link_local()) return std::string(peer);
  if (address->is_v4()) return address->to_string();
  return Prefix(*address, kOneHost).first().to_string();
}

}  // namespace querent::web
