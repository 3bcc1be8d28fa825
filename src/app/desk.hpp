#pragma once

#include "app/questions.hpp"
#include "app/website.hpp"

namespace querent::app {

// Hands the website's questions on to the loop. A status that is young is given again.
observe::Desk desk(const Questions& questions);

}  // namespace querent::app
