package dev.lanewise.autodiff;

/** Which elements of an axis are repeated before its first and after its last. */
public enum Padding {
  /** Those that lie as far on the other side of the first or last one, which is not repeated. */
  REFLECT {
    @Override
    int place(int index, int extent) {
      int within = index < 0 ? -index : index;
      return within < extent ? within : 2 * (extent - 1) - within;
    }

    @Override
    int most(int extent) {
      return Math.max(0, extent - 1);
    }
  },

  /** The first and the last one. */
  EDGE {
    @Override
    int place(int index, int extent) {
      return Math.clamp(index, 0, extent - 1);
    }

    @Override
    int most(int extent) {
      return extent == 0 ? 0 : Integer.MAX_VALUE;
    }
  },

  /** Those of the other end, as if the axis were a circle. */
  WRAP {
    @Override
    int place(int index, int extent) {
      return Math.floorMod(index, extent);
    }

    @Override
    int most(int extent) {
      return extent == 0 ? 0 : Integer.MAX_VALUE;
    }
  };

  /** {@return the index of the element that stands at an index outside the axis, or inside} */
  abstract int place(int index, int extent);

  /** {@return how many elements can be added at one end} */
  abstract int most(int extent);
}
