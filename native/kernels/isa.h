// Which instruction set the fused operators run on.
#pragma once

namespace hone {

/// From the poorest to the richest; each includes those before it.
enum class Isa {
  Portable,
  Avx2,
  Avx512,
  Avx512Vnni,
  Avx512Bf16,  // with VNNI and VBMI
};

/// The richest instruction set of this processor that has kernels, or a poorer one asked for by HONE_ISA.
Isa current_isa();

/// Makes the operators use instruction set number `isa`, which the processor must have, or, below 0, the one that
/// current_isa() was at first: for tests.
void use_isa(int isa);

}  // namespace hone
