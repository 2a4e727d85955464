/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which namespace, of commands that tell of all if none is named. */
final class NamespaceOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-n", "--namespace"},
            defaultValue = "",
            description = "Only this namespace. Without it: all, and what is in none.")
    private String namespace;

    @Option(
            names = {"-A", "--all-namespaces"},
            description = "All, and what is in none, as without -n.")
    private boolean isAll;

    /** {@code ""} for all. */
    String namespace() {
        if (isAll && !namespace.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "-n " + namespace + " is one namespace, -A all: give one of the two");
        }
        return namespace;
    }
}
