#include "app/desk.hpp"

#include <memory>
#include <string>
#include <utility>

#include "app/appliance.hpp"

namespace querent::app {

namespace {

using observe::Status;

std::function<std::shared_ptr<const Status>()> ask_status(const Questions& questions,
                                                          Appliance::With with) {
  return [questions, with, remembered = std::make_shared<Remembered<Status>>()] {
    return remembered->get([&]() -> std::shared_ptr<const Status> {
      auto status =
          questions.ask([with](const Appliance& appliance) { return appliance.status(with); });
      return status ? std::make_shared<const Status>(std::move(*status)) : nullptr;
    });
  };
}

}  // namespace

observe::Desk desk(const Questions& questions) {
  observe::Desk desk;
  desk.status = ask_status(questions, Appliance::With::kNoGroups);
  desk.status_with_groups = ask_status(questions, Appliance::With::kGroups);
  desk.groups = [questions](const observe::GroupQuestion& question) {
    return questions.ask(
        [question](const Appliance& appliance) { return appliance.groups(question); });
  };
  desk.events = [questions](const observe::EventQuestion& question) {
    return questions.ask(
        [question](const Appliance& appliance) { return appliance.events(question); });
  };
  desk.refused = [questions](const std::string& name, const std::string& peer) {
    questions.tell([name, peer](Appliance& appliance) { appliance.tell_refused(name, peer); });
  };
  return desk;
}

}  // namespace querent::app
