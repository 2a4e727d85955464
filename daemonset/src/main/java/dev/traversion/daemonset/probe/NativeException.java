/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.probe;

/** A call of the system, or of libbpf, failed. */
final class NativeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int errno;

    NativeException(int errno) {
        super(Native.message(errno));
        this.errno = errno;
    }

    int errno() {
        return errno;
    }
}
