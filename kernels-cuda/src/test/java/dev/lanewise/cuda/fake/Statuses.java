package dev.lanewise.cuda.fake;

/**
 * How a library answers what the double finds wrong.
 *
 * @param failed the double itself failed
 * @param badAddress an argument points where it must not
 * @param badHandle an argument is no live handle of the kind
 * @param workFailed work on a stream met a bad address or another fault
 */
record Statuses(int failed, int badAddress, int badHandle, int workFailed) {}
