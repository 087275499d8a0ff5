// Whether the tiles of AMX may be used here.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "kernels.h"

namespace hone {

/// Whether the processor has tiles, with products of bfloat16 and of bytes.
bool has_tiles();

/// Why they cannot be used; empty where they can. The first call asks the system for leave, and holds products of tiles
/// against the model of them: kernels are not used whose numbers are not those that were tested.
const std::string& amx_fault();

#if defined(__x86_64__)
/// How many numbers of some products of a set differ in any bit from those of the model of the tiles: in bfloat16, with
/// weights in 8 bits, and with those as GGUF's q8_0.
std::array<int64_t, 3> differences_from_model(const KernelSet& set);
#endif

}  // namespace hone
