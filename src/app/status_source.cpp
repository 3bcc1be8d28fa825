#include "app/status_source.hpp"

#include <memory>
#include <string>
#include <utility>

#include "app/appliance.hpp"

namespace querent::app {

namespace {

using observe::Status;

std::function<std::shared_ptr<const Status>()> ask_status(const Inbox& inbox,
                                                          Appliance::With with) {
  return [inbox, with, remembered = std::make_shared<Remembered<Status>>()] {
    return remembered->get([&]() -> std::shared_ptr<const Status> {
      auto status =
          inbox.ask([with](const Appliance& appliance) { return appliance.status(with); });
      return status ? std::make_shared<const Status>(std::move(*status)) : nullptr;
    });
  };
}

}  // namespace

observe::StatusSource status_source(const Inbox& inbox) {
  observe::StatusSource status_source;
  status_source.status = ask_status(inbox, Appliance::With::kNoGroups);
  status_source.status_with_groups = ask_status(inbox, Appliance::With::kGroups);
  status_source.groups = [inbox](const observe::GroupQuestion& question) {
    return inbox.ask([question](const Appliance& appliance) { return appliance.groups(question); });
  };
  status_source.events = [inbox](const observe::EventQuestion& question) {
    return inbox.ask([question](const Appliance& appliance) { return appliance.events(question); });
  };
  status_source.refused = [inbox](const std::string& name, const std::string& peer) {
    inbox.tell([name, peer](Appliance& appliance) { appliance.tell_refused(name, peer); });
  };
  return status_source;
}

}  // namespace querent::app
