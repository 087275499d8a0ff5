// Which instruction set the fused operators run on.
#pragma once

#include <string>

namespace hone {

/// From the poorest to the richest; each includes those before it.
enum class Isa {
  Portable,
  Avx2,
  Avx512,
  Avx512Vnni,
  Avx512Bf16,   // with VNNI and VBMI
  Amx,          // products in bfloat16 and 8 bits by tiles, all else as before
  ModelledAmx,  // the same with a model of the tiles, where there is Avx512Bf16: for tests alone
};

/// The richest instruction set of this processor that has kernels, or a poorer one asked for by HONE_ISA.
Isa current_isa();

/// Its name, as HONE_ISA takes it.
const char* name_of(Isa isa);

/// Why the tiles of this processor are not used, though it has them; empty where they are, or where it has none.
std::string tiles_unused();

/// Makes the operators use instruction set number `isa`, which must run here, or, below 0, the one that current_isa()
/// was at first: for tests.
void use_isa(int isa);

}  // namespace hone
