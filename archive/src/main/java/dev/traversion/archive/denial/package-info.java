/* SPDX-License-Identifier: Apache-2.0 */
/** What must not come into a recording any more: lifetimes of namespaces that were erased. */
package dev.traversion.archive.denial;
