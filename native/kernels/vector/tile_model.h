// AMX's tiles as plain code, to the last bit what Intel documents ("Intel Architecture Instruction Set Extensions
// Programming Reference", TDPBF16PS and TDPBSUD): kernels are tested over it where there is no AMX, and a processor is
// held against it before its tiles are used (../amx.h).
#pragma once

#include "tiles.h"

namespace hone::HONE_ISA {

/// Zero of the same sign in place of a number that is too small to be normal.
inline float flushed(float x) {
  const float least_normal = 0x1p-126f;
  return __builtin_fabsf(x) < least_normal ? __builtin_copysignf(0.0f, x) : x;
}

class ModelledTiles {
 public:
  void shape(const TileShapes& shapes) {
    shapes_ = shapes;
    __builtin_memset(tiles_, 0, sizeof tiles_);
  }

  template <int Tile>
  void clear() {
    __builtin_memset(tiles_[Tile], 0, sizeof tiles_[Tile]);
  }

  template <int Tile>
  void load(const void* from, int64_t stride) {
    clear<Tile>();
    copy_rows(Tile, from, stride, tiles_[Tile], kTileBytes);
  }

  template <int Tile>
  void store(void* to, int64_t stride) {
    copy_rows(Tile, tiles_[Tile], kTileBytes, to, stride);
  }

  template <class T, int Sum, int Left, int Right>
  void multiply() {
    multiply(sizeof(T) == sizeof(bfloat) ? add_pairs : add_fours, Sum, Left, Right);
  }

 private:
  static constexpr int kColumns = kTileBytes / 4;

  using Row = uint8_t[kTileBytes];
  using AddRow = void (*)(const uint8_t* left, int words, const Row* right, uint8_t* sums);

  // Not part of each kernel: what is slow anyway need not be there many times.
  [[gnu::noinline]] void copy_rows(int tile, const void* from, int64_t from_stride, void* to, int64_t to_stride) const {
    for (int row = 0; row < shapes_.rows[tile]; row++) {
      __builtin_memcpy(static_cast<char*>(to) + row * to_stride, static_cast<const char*>(from) + row * from_stride,
                       shapes_.row_bytes[tile]);
    }
  }

  [[gnu::noinline]] void multiply(AddRow add, int sum, int left, int right) {
    for (int row = 0; row < shapes_.rows[sum]; row++) {
      add(tiles_[left][row], shapes_.row_bytes[left] / 4, tiles_[right], tiles_[sum][row]);
    }
  }

  static float number_at(const uint8_t* bytes, int place) {
    bfloat x;
    __builtin_memcpy(&x, bytes + place * sizeof x, sizeof x);
    return flushed(widen(x));
  }

  /// The first and the second numbers of all pairs are summed apart, each product and sum rounded once; then their sums
  /// are added to each other, and that to the tile's. What is not normal is zero on either side, whatever MXCSR says.
  static void add_pairs(const uint8_t* left, int pairs, const Row* right, uint8_t* sums) {
    float first[kColumns] = {}, second[kColumns] = {}, all[kColumns];
    for (int k = 0; k < pairs; k++) {
      const float a = number_at(left, 2 * k), b = number_at(left, 2 * k + 1);
      for (int n = 0; n < kColumns; n++) {
        first[n] = flushed(__builtin_fmaf(a, number_at(right[k], 2 * n), first[n]));
        second[n] = flushed(__builtin_fmaf(b, number_at(right[k], 2 * n + 1), second[n]));
      }
    }

    __builtin_memcpy(all, sums, sizeof all);
    for (int n = 0; n < kColumns; n++) {
      all[n] = flushed(flushed(all[n]) + flushed(first[n] + second[n]));
    }

    __builtin_memcpy(sums, all, sizeof all);
  }

  static void add_fours(const uint8_t* left, int fours, const Row* right, uint8_t* sums) {
    int32_t all[kColumns];
    __builtin_memcpy(all, sums, sizeof all);
    for (int k = 0; k < 4 * fours; k++) {
      for (int n = 0; n < kColumns; n++) {
        all[n] += static_cast<int8_t>(left[k]) * static_cast<int32_t>(right[k / 4][4 * n + k % 4]);
      }
    }

    __builtin_memcpy(sums, all, sizeof all);
  }

  TileShapes shapes_;
  alignas(64) Row tiles_[kTiles][kTileHeight];
};

}  // namespace hone::HONE_ISA
