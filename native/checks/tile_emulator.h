// AMX's instructions where the processor has none of them.
#pragma once

namespace hone::checks {

/// From now on an instruction that the processor does not know is decoded and computed, where it is one of AMX; any
/// other, and one that a processor would refuse, ends the process with a word why.
void emulate_tiles();

/// How many instructions were emulated.
long emulated_instructions();

}  // namespace hone::checks
