/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.selector;

/** A selector that cannot be read or is not supported; the message is the API server's. */
public final class SelectorException extends RuntimeException {

    public SelectorException(String message) {
        super(message);
    }
}
