package dev.lanewise.cuda.fake;

import static dev.lanewise.cuda.fake.CublasContext.SUCCESS;
import static dev.lanewise.cuda.fake.CublasContext.require;

import dev.lanewise.bindings.cuda.CublasLt;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The handle and the descriptors of cuBLASLt. What they answer was compared with the library of
 * CUDA 12.6: an attribute of another size, or one that does not exist, is
 * CUBLAS_STATUS_INVALID_VALUE; the values themselves are looked at by the product only; a null
 * descriptor can be destroyed.
 */
final class CublasLtDescriptors {

  private final CublasContext context;
  private final Out out;
  private final Names names = new Names(CublasLt.class, "CUBLAS_STATUS_", "CUBLAS_STATUS_SUCCESS");

  CublasLtDescriptors(CublasContext context) {
    this.context = context;
    this.out = new Out(context.cuda.host);
  }

  MemorySegment cublasLtGetStatusName(int status) {
    return names.name(status);
  }

  MemorySegment cublasLtGetStatusString(int status) {
    return names.text(status);
  }

  long cublasLtGetVersion() {
    return CublasHandles.VERSION;
  }

  int cublasLtCreate(MemorySegment handle) {
    require(handle.address() != 0, "lightHandle is null");
    context.cuda.streams.unsafe("cublasLtCreate"); // it starts the device
    return create(handle, new CublasLtHandle());
  }

  int cublasLtDestroy(MemorySegment handle) {
    context.cuda.handles.remove(CublasLtHandle.class, handle);
    return SUCCESS;
  }

  int cublasLtMatrixLayoutCreate(MemorySegment layout, int type, long rows, long cols, long ld) {
    return create(layout, new LtMatrixLayout(type, rows, cols, ld));
  }

  int cublasLtMatrixLayoutDestroy(MemorySegment layout) {
    return destroy(LtMatrixLayout.class, layout);
  }

  int cublasLtMatrixLayoutSetAttribute(
      MemorySegment layout, int attribute, MemorySegment value, long bytes) {
    return set(context.cuda.handles.get(LtMatrixLayout.class, layout), attribute, value, bytes);
  }

  int cublasLtMatmulDescCreate(MemorySegment desc, int computeType, int scaleType) {
    return create(desc, new LtMatmulDesc(computeType, scaleType));
  }

  int cublasLtMatmulDescDestroy(MemorySegment desc) {
    return destroy(LtMatmulDesc.class, desc);
  }

  int cublasLtMatmulDescSetAttribute(
      MemorySegment desc, int attribute, MemorySegment value, long bytes) {
    return set(context.cuda.handles.get(LtMatmulDesc.class, desc), attribute, value, bytes);
  }

  /** With a size of 0 it only tells how many bytes the attribute has. */
  int cublasLtMatmulDescGetAttribute(
      MemorySegment desc, int attribute, MemorySegment value, long bytes, MemorySegment written) {
    LtMatmulDesc found = context.cuda.handles.get(LtMatmulDesc.class, desc);
    int size = found.size(attribute);
    require(size != 0, "no attribute %d", attribute);
    require(
        bytes == size || bytes == 0, "attribute %d has %d bytes, not %d", attribute, size, bytes);
    if (bytes == Integer.BYTES) {
      out.number(value, found.number(attribute));
    } else if (bytes == Long.BYTES) {
      out.size(value, found.get(attribute));
    }
    if (written.address() != 0) {
      out.size(written, size);
    }
    return SUCCESS;
  }

  int cublasLtMatmulPreferenceCreate(MemorySegment preference) {
    return create(preference, new LtMatmulPreference());
  }

  int cublasLtMatmulPreferenceDestroy(MemorySegment preference) {
    return destroy(LtMatmulPreference.class, preference);
  }

  int cublasLtMatmulPreferenceSetAttribute(
      MemorySegment preference, int attribute, MemorySegment value, long bytes) {
    return set(
        context.cuda.handles.get(LtMatmulPreference.class, preference), attribute, value, bytes);
  }

  private int create(MemorySegment place, Object thing) {
    require(place.address() != 0, "the place for the new descriptor is null");
    out.pointer(place, context.cuda.handles.add(thing));
    return SUCCESS;
  }

  private int destroy(Class<?> kind, MemorySegment handle) {
    if (handle.address() != 0) {
      context.cuda.handles.remove(kind, handle);
    }
    return SUCCESS;
  }

  private int set(LtAttributes attributes, int attribute, MemorySegment value, long bytes) {
    int size = attributes.size(attribute);
    require(size != 0, "no attribute %d", attribute);
    require(bytes == size, "attribute %d has %d bytes, not %d", attribute, size, bytes);
    MemorySegment from = context.cuda.host.at(value, bytes);
    attributes.put(
        attribute,
        size == Integer.BYTES
            ? from.get(ValueLayout.JAVA_INT_UNALIGNED, 0)
            : from.get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
    return SUCCESS;
  }
}
