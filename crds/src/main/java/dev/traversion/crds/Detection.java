/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.crds;

/** What can be recognised in any text. */
public enum Detection {
    privateKeys,
    tokens,
    emails,
    cardNumbers
}
