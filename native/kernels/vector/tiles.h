// AMX's tiles: eight registers of up to 16 rows of 64 bytes, and products of them. Kernels (tile_product.h) are written
// over a type that has these operations: the processor's here, a model of what they compute in tile_model.h.
#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

/// The largest tile: its rows, and the bytes of each.
inline constexpr int64_t kTileHeight = 16;
inline constexpr int64_t kTileBytes = 64;

inline constexpr int kTiles = 8;

/// How many rows of how many bytes each tile has, as the processor reads it.
struct TileShapes {
  uint8_t palette = 1;
  uint8_t first_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {};
  uint8_t rows[16] = {};

  void set(int tile, int64_t height, int64_t bytes) {
    rows[tile] = static_cast<uint8_t>(height);
    row_bytes[tile] = static_cast<uint16_t>(bytes);
  }
};

static_assert(sizeof(TileShapes) == 64);

/// The tiles of this thread's core. They are given back at the end: oneDNN shapes them otherwise, and a core that holds
/// none has less to save. In assembly, since GCC's intrinsics take literals alone for tiles, and do not say that they
/// read memory.
class HardwareTiles {
 public:
  HardwareTiles() = default;
  HardwareTiles(const HardwareTiles&) = delete;
  HardwareTiles& operator=(const HardwareTiles&) = delete;
  ~HardwareTiles() { asm volatile("tilerelease"); }

  /// Gives all tiles their shapes, and clears them.
  void shape(const TileShapes& shapes) { asm volatile("ldtilecfg %0" : : "m"(shapes)); }

  template <int Tile>
  void clear() {
    asm volatile("tilezero %%tmm%c0" : : "i"(Tile));
  }

  /// Rows that are `stride` bytes apart.
  template <int Tile>
  void load(const void* from, int64_t stride) {
    asm volatile("tileloadd (%1,%2,1), %%tmm%c0" : : "i"(Tile), "r"(from), "r"(stride) : "memory");
  }

  template <int Tile>
  void store(void* to, int64_t stride) {
    asm volatile("tilestored %%tmm%c0, (%1,%2,1)" : : "i"(Tile), "r"(to), "r"(stride) : "memory");
  }

  /// sum += left · right, of pairs of bfloat16 into float32, or of four signed bytes and four unsigned ones into int32.
  template <class T, int Sum, int Left, int Right>
  void multiply() {
    if constexpr (sizeof(T) == sizeof(bfloat)) {
      asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(Sum), "i"(Left), "i"(Right));
    } else {
      asm volatile("tdpbsud %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(Sum), "i"(Left), "i"(Right));
    }
  }
};

}  // namespace hone::HONE_ISA
