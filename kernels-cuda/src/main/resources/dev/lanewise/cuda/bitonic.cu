  // Batcher's bitonic sorting network over "padded" pairs, a power of 2. No two pairs are equal, as
  // their places differ: so the order is the stable one.
  for (int run = 2; run <= padded; run = run << 1) {
    for (int reach = run >> 1; reach > 0; reach = reach >> 1) {
      for (int t = threadIdx.x; t < padded >> 1; t = t + blockDim.x) {
        int low = 2 * t - (t & (reach - 1));
        int high = low + reach;
        bool isUp = (low & run) == 0;
        K lowKey = keys[low];
        K highKey = keys[high];
        int lowPlace = places[low];
        int highPlace = places[high];
        bool isAfter = lowKey > highKey || (lowKey == highKey && lowPlace > highPlace);
        if (isAfter == isUp) {
          keys[low] = highKey;
          keys[high] = lowKey;
          places[low] = highPlace;
          places[high] = lowPlace;
        }
      }
      __syncthreads();
    }
  }
