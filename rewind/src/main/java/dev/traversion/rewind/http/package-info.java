/* SPDX-License-Identifier: Apache-2.0 */
/** The HTTP side: who may ask, what was asked for, in which form the answer leaves. */
package dev.traversion.rewind.http;
