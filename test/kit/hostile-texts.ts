/** Titles and descriptions as somebody writes them who wants to break what shows them. */
export const hostileTexts: readonly string[] = [
  ']]><script>alert(1)</script>',
  '</title><item><title>forged</title></item>',
  '&lt;b&gt; &amp; &#60; &nbsp; &unknown;',
  `"'><img src=x onerror=alert(1)>`,
  '<!-- --> <![CDATA[ x ]]> <?xml version="1.0"?>',
  '{{7*7}} <%= 7*7 %> %3Cscript%3E',
  'lone \ud800 surrogate \udfff and \ufffe\uffff',
  '\u202egpj.exe \u2066x',
  'javascript:alert(1)',
]
