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
  return {
      .status = ask_status(questions, Appliance::With::kNoGroups),
      .status_with_groups = ask_status(questions, Appliance::With::kGroups),
      .groups =
          [questions](const observe::GroupQuestion& question) {
            return questions.ask(
                [question](const Appliance& appliance) { return appliance.groups(question); });
          },
      .events =
          [questions](const observe::EventQuestion& question) {
            return questions.ask(
                [question](const Appliance& appliance) { return appliance.events(question); });
          },
      .refused =
          [questions](std::string name, std::string peer) {
            questions.tell([name = std::move(name), peer = std::move(peer)](Appliance& appliance) {
              appliance.tell_refused(name, peer);
            });
          },
  };
}

}  // namespace querent::app
