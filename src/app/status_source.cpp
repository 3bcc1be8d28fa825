#include "app/status_source.hpp"

#include <memory>
#include <string>
#include <utility>

#include "app/appliance.hpp"

namespace querent::app {

namespace {

using observe::Status;

std::function<std::shared_ptr<const Status>()> ask_status(const Inbox& inbox,
                                                          const Appliance& appliance,
                                                          Appliance::With with) {
  return [inbox, &appliance, with, remembered = std::make_shared<Remembered<Status>>()] {
    return remembered->get([&]() -> std::shared_ptr<const Status> {
      auto status = inbox.ask([&appliance, with] { return appliance.status(with); });
      return status ? std::make_shared<const Status>(std::move(*status)) : nullptr;
    });
  };
}

}  // namespace

StatusSource status_source(const Inbox& inbox, Appliance& appliance) {
  StatusSource status_source;
  status_source.status = ask_status(inbox, appliance, Appliance::With::kNoGroups);
  status_source.status_with_groups = ask_status(inbox, appliance, Appliance::With::kGroups);
  status_source.groups = [inbox, &appliance](const observe::GroupQuestion& question) {
    return inbox.ask([&appliance, question] { return appliance.groups(question); });
  };
  status_source.events = [inbox, &appliance](const observe::EventQuestion& question) {
    return inbox.ask([&appliance, question] { return appliance.events(question); });
  };
  status_source.refused = [inbox, &appliance](const std::string& name, const std::string& peer) {
    inbox.tell([&appliance, name, peer] { appliance.tell_refused(name, peer); });
  };
  return status_source;
}

}  // namespace querent::app
