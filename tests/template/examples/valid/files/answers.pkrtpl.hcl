<unattend xmlns="urn:schemas-microsoft-com:unattend">
%{ if key != "" ~}
  <ProductKey><Key>${key}</Key></ProductKey>
%{ else ~}
  <ProductKey><WillShowUI>Never</WillShowUI></ProductKey>
%{ endif ~}
  <ImageIndex>${index}</ImageIndex>
</unattend>
