#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "byte_source.hpp"
#include "core/event.hpp"
#include "core/local_interface.hpp"
#include "core/settings.hpp"
#include "querent/address.hpp"
#include "querent/message.hpp"
#include "querent/time.hpp"

namespace querent::fuzz {

// What happens on one segment, read from octets: settings within their ranges, and events about
// few addresses, so that they meet. Any octets are a script.
class Script {
 public:
  explicit Script(ByteView bytes);

  Family family() const { return family_; }
  bool ended() const { return bytes_.empty(); }

  enum class Turn {
    kEvent,     // event() happens now
    kDeadline,  // time passes until the next deadline, so often as repeats() says
    kRun,       // pause() passes, with a tick at each deadline
    kJump,      // pause() passes unnoticed
    kRepeat,    // the last two events in turn, so often as repeats() says, pause() apart
  };
  Turn turn();

  core::Settings settings();
  core::Event event();
  Duration pause();
  std::size_t repeats();

 private:
  core::Settings any_settings();
  core::Settings changed_settings();
  core::LocalInterface link();
  core::Bounds bounds();
  std::optional<core::Received> raw();
  core::Received received();
  Query query();
  Report report();
  Record record();
  Address destination_of(const Query& query);
  std::vector<Address> some_sources();
  Version version();
  Address own_address();
  Address peer();
  Address group();

  ByteSource bytes_;
  Family family_;
  core::Settings last_settings_;
};

}  // namespace querent::fuzz
