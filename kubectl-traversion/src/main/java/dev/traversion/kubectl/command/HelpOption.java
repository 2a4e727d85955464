/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.kubectl.command;

import picocli.CommandLine.Option;

/** {@code --help}, of every command but {@code help}, which brings its own. */
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    boolean isWanted;
}
