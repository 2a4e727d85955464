/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl;

import dev.traversion.kubectl.command.Plugin;

/** {@code kubectl traversion}. */
public final class Main {

    private Main() {}

    /** Runs a command; ends the process with its exit status. */
    public static void main(String[] arguments) {
        int status = Plugin.run(arguments);
        System.out.flush();
        System.err.flush();
        System.exit(status);
    }
}
