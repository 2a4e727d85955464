/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.http;

import dev.traversion.rewind.access.Visitor;

/** Lets requests in. */
@FunctionalInterface
public interface Door {

    /**
     * Who it is.
     *
     * @throws StatusFailure if they do not come in
     */
    Visitor admit(Exchange exchange);
}
